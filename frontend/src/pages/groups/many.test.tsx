/** The form of a group over an account with thousands of servers, which come page by page. */
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, expect, it } from 'vitest';

import { filterBy } from '../../test/cloudscape';
import { group, problem, serverId } from '../../test/fixtures';
import { open } from '../../test/render';
import { server } from '../../test/server';
import { FOUR_THOUSAND, STRANGE_SERVERS } from '../../test/strange';

type Body = { sourceServerIds: string[] };

const PAGE = 1_000;
/** Of their tags one is enough here. */
const SERVERS = FOUR_THOUSAND.map((server) => ({ ...server, tags: { tier: 'web' } }));
let sent: Body[] = [];

/** Pages as the server gives them; the second waits until it may come. */
function pages(until: Promise<void> = Promise.resolve()) {
  const asked: URLSearchParams[] = [];
  server.use(
    http.get('/api/drs/source-servers', async ({ request }) => {
      const query = new URL(request.url).searchParams;
      asked.push(query);
      const from = Number(query.get('nextToken') ?? '0');
      if (from > 0) {
        await until;
      }
      const next = from + PAGE;
      return HttpResponse.json({
        initialized: true,
        items: SERVERS.slice(from, next),
        ...(next < SERVERS.length ? { nextToken: next.toString() } : {}),
      });
    }),
  );
  return asked;
}

beforeEach(() => {
  sent = [];
  server.use(
    http.get('/api/protection-groups', () => HttpResponse.json({ items: [] })),
    http.get('/api/protection-groups/:id', () => HttpResponse.json(group('Web'))),
    http.get('/api/recovery-plans', () => HttpResponse.json({ items: [] })),
    http.post('/api/protection-groups', async ({ request }) => {
      sent.push(JSON.parse(await request.text()) as Body);
      return HttpResponse.json(group('Web'), { status: 201 });
    }),
  );
});

it('reads every page, says how far it is, and shows a page of rows', async () => {
  let answer: () => void = () => undefined;
  const asked = pages(
    new Promise((resolve) => {
      answer = resolve;
    }),
  );
  open('/protection-groups/new');
  await screen.findByText(/1000 source servers read so far/);
  answer();
  const table = await screen.findByRole('grid', { name: 'Source servers' });
  expect(screen.getByText('(4000)')).toBeInTheDocument();
  expect(within(table).getAllByRole('row')).toHaveLength(21);
  expect(asked.map((query) => query.get('nextToken'))).toEqual([null, '1000', '2000', '3000']);
});

it('chooses across pages, and all that a filter leaves', async () => {
  pages();
  open('/protection-groups/new');
  await userEvent.click(await screen.findByRole('checkbox', { name: /^Select ip-10-00000\./ }));
  await userEvent.click(screen.getByRole('button', { name: 'Next page' }));
  await userEvent.click(screen.getByRole('checkbox', { name: /^Select ip-10-00020\./ }));
  filterBy('ip-10-0311');
  await userEvent.click(screen.getByRole('button', { name: 'Select all 10 free servers that match' }));
  expect(screen.getByText('(12/4000)')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Create protection group' }));
  await screen.findAllByText('Protection group Web was created.');
  const tens = Array.from({ length: 10 }, (_, index) => serverId(3_111 + index));
  expect(sent[0]?.sourceServerIds).toEqual([serverId(1), serverId(21), ...tens]);
});

it('says that nothing matches, and takes the filter away', async () => {
  pages();
  open('/protection-groups/new');
  await screen.findByRole('checkbox', { name: /^Select ip-10-00000\./ });
  filterBy('nowhere');
  expect(screen.getByRole('button', { name: 'Nothing to select' })).toBeDisabled();
  const [button] = screen.getAllByRole('button', { name: 'Clear filter' });
  await userEvent.click(button ?? document.body);
  expect(screen.getByRole('checkbox', { name: /^Select ip-10-00000\./ })).toBeInTheDocument();
});

it('says which page could not be read, and shows no list that is not whole', async () => {
  server.use(
    http.get('/api/drs/source-servers', ({ request }) =>
      new URL(request.url).searchParams.has('nextToken')
        ? HttpResponse.json(problem(409, 'DRS_ACCESS_DENIED', 'DRS says: no.'), { status: 409 })
        : HttpResponse.json({ initialized: true, items: SERVERS.slice(0, PAGE), nextToken: 'more' }),
    ),
  );
  open('/protection-groups/new');
  await screen.findByText('The source servers could not be read');
  expect(screen.getByText('DRS says: no.')).toBeInTheDocument();
  expect(screen.queryByRole('grid', { name: 'Source servers' })).not.toBeInTheDocument();
});

it('shows servers without a name by their id, and twins apart', async () => {
  server.use(
    http.get('/api/drs/source-servers', () => HttpResponse.json({ initialized: true, items: STRANGE_SERVERS })),
  );
  open('/protection-groups/new');
  await screen.findByRole('checkbox', { name: `Select WIN-8F3K2 (${serverId(3)})` });
  expect(screen.getByRole('checkbox', { name: `Select WIN-8F3K2 (${serverId(4)})` })).toBeInTheDocument();
  for (const number of [1, 2, 10]) {
    expect(screen.getByRole('checkbox', { name: `Select ${serverId(number)}` })).toBeInTheDocument();
  }
  expect(document.querySelector('img[src="x"]')).toBeNull();
});

it('deletes a group whose name is typed in the other form of its letters', async () => {
  const deleted: string[] = [];
  server.use(
    http.get('/api/protection-groups/:id', () => HttpResponse.json(group('Web', { name: 'Caf\u00e9' }))),
    http.get('/api/drs/source-servers', () => HttpResponse.json({ initialized: true, items: [] })),
    http.delete('/api/protection-groups/:id', ({ params }) => {
      deleted.push(String(params.id));
      return new HttpResponse(null, { status: 204 });
    }),
  );
  open('/protection-groups/group-web');
  await userEvent.click(await screen.findByRole('button', { name: 'Delete' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Delete Caf\u00e9?' }));
  await userEvent.type(dialog.getByLabelText(/to confirm/), 'Cafe\u0301');
  await userEvent.click(dialog.getByRole('button', { name: 'Delete' }));
  await screen.findAllByText('Protection group Caf\u00e9 was deleted.');
  expect(deleted).toEqual(['group-web']);
});
