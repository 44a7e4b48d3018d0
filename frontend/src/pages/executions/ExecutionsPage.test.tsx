import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, expect, it, vi } from 'vitest';

import { pick } from '../../test/cloudscape';
import { plan, problem, summary } from '../../test/fixtures';
import { open } from '../../test/render';
import { server } from '../../test/server';

const FIRST = [
  summary({ executionId: 'e-3', recoveryPlanName: 'Shop', status: 'RUNNING' }),
  summary({ executionId: 'e-2', recoveryPlanName: 'Billing', status: 'FAILED', kind: 'RECOVERY' }),
];
const SECOND = [summary({ executionId: 'e-1', recoveryPlanName: 'Archive', status: 'COMPLETED' })];

/** Answers like the API, and notes what was asked. */
function api(): URLSearchParams[] {
  const asked: URLSearchParams[] = [];
  server.use(
    http.get('/api/executions', ({ request }) => {
      const search = new URL(request.url).searchParams;
      asked.push(search);
      const status = search.get('status');
      if (status !== null) {
        return HttpResponse.json({ items: FIRST.filter((item) => item.status === status) });
      }
      return HttpResponse.json(
        search.get('nextToken') === 'page-2'
          ? { items: SECOND }
          : { items: FIRST, nextToken: 'page-2' },
      );
    }),
  );
  return asked;
}

beforeEach(() => {
  server.use(http.get('/api/recovery-plans', () => HttpResponse.json({ items: [plan('Shop')] })));
});

it('lists the executions in the order of the server, each with its status in words', async () => {
  api();
  open('/executions');
  const rows = await screen.findAllByRole('row');
  expect(rows.slice(1).map((row) => within(row).getByRole('link').textContent)).toEqual([
    'Shop',
    'Billing',
  ]);
  expect(screen.getByText('Running')).toBeInTheDocument();
  expect(screen.getByText('Recovery')).toBeInTheDocument();
  expect(screen.getAllByRole('heading', { level: 1 })).toHaveLength(1);
});

it('turns to the next page by the token of the server', async () => {
  const asked = api();
  open('/executions');
  await userEvent.click(await screen.findByRole('button', { name: 'Next page' }));
  expect(await screen.findByRole('link', { name: 'Archive' })).toBeInTheDocument();
  expect(screen.queryByRole('link', { name: 'Shop' })).not.toBeInTheDocument();
  expect(asked.map((search) => search.get('nextToken'))).toEqual([null, 'page-2']);
});

it('goes to an execution without loading the console again', async () => {
  api();
  server.use(
    http.get('/api/executions/e-2', () =>
      HttpResponse.json(problem(404, 'NOT_FOUND', 'None.'), { status: 404 }),
    ),
  );
  const { router } = open('/executions');
  await userEvent.click(await screen.findByRole('link', { name: 'Billing' }));
  expect(await screen.findByText('No such execution')).toBeInTheDocument();
  expect(router.state.location.pathname).toBe('/executions/e-2');
});

it('says that there are none yet', async () => {
  server.use(http.get('/api/executions', () => HttpResponse.json({ items: [] })));
  open('/executions');
  expect(await screen.findByText('No executions yet')).toBeInTheDocument();
});

it('says that none match the filter, and clears it', async () => {
  api();
  const { router } = open('/executions?status=CANCELLED');
  expect(await screen.findByText('No executions match')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Clear filter' }));
  expect(await screen.findByRole('link', { name: 'Shop' })).toBeInTheDocument();
  expect(router.state.location.search).toBe('');
});

it('asks the server for the status of the filter', async () => {
  const asked = api();
  open('/executions?status=FAILED');
  expect(await screen.findByRole('link', { name: 'Billing' })).toBeInTheDocument();
  expect(asked[0]?.get('status')).toBe('FAILED');
});

it('asks for everything when the address names no status that there is', async () => {
  const asked = api();
  open('/executions?status=NONSENSE');
  expect(await screen.findByRole('link', { name: 'Shop' })).toBeInTheDocument();
  expect(asked[0]?.has('status')).toBe(false);
});

it('shows why it could not load, and loads when asked again', async () => {
  const body = problem(403, 'FORBIDDEN', 'Your roles do not include reading.');
  server.use(http.get('/api/executions', () => HttpResponse.json(body, { status: 403 })));
  open('/executions');
  expect(await screen.findByText(/Your roles do not include reading/)).toBeInTheDocument();
  api();
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('link', { name: 'Shop' })).toBeInTheDocument();
});

it('sends a person whose token is refused to the sign-in', async () => {
  const body = problem(401, 'UNAUTHENTICATED', 'The token has expired.');
  server.use(http.get('/api/executions', () => HttpResponse.json(body, { status: 401 })));
  const { router } = open('/executions');
  expect(await screen.findByText('Your session has ended. Sign in again.')).toBeInTheDocument();
  expect(router.state.location.pathname).toBe('/sign-in');
});

it('asks the server for plan, kind and time, and keeps them in the address', async () => {
  const asked = api();
  const { router } = open('/executions?within=week&kind=DRILL');
  await screen.findByRole('link', { name: 'Shop' });
  pick(await screen.findByRole('button', { name: /^Recovery plan/ }), 'Shop');
  await vi.waitFor(() => {
    expect(asked.at(-1)?.get('recoveryPlanId')).toBe('plan-shop');
  });
  expect(asked.at(-1)?.get('kind')).toBe('DRILL');
  expect(asked.at(-1)?.get('startedAfter')).toMatch(/:00:00\.000Z$/);
  expect(router.state.location.search).toBe('?within=week&kind=DRILL&recoveryPlanId=plan-shop');
});
