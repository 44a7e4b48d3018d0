import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { expect, it, vi } from 'vitest';

import type { ProtectionGroup, SourceServer } from '../../api/types';
import { filterBy } from '../../test/cloudscape';
import { discovered, group, plan, plannedWave, problem, serverId } from '../../test/fixtures';
import { open } from '../../test/render';
import { PERMISSIONS, server } from '../../test/server';

type Sent = { method: string; ifMatch: string | null; body: unknown };

/** A store of groups with the servers of one Region. */
function api(groups: ProtectionGroup[], servers: SourceServer[] = []) {
  const sent: Sent[] = [];
  const note = async (request: Request) => {
    const text = await request.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    sent.push({ method: request.method, ifMatch: request.headers.get('If-Match'), body });
  };
  server.use(
    http.get('/api/protection-groups', () => HttpResponse.json({ items: groups })),
    http.get('/api/protection-groups/:id', ({ params }) => {
      const found = groups.find((item) => item.protectionGroupId === params.id);
      return found === undefined
        ? HttpResponse.json(problem(404, 'NOT_FOUND', 'There is no such group.'), { status: 404 })
        : HttpResponse.json(found);
    }),
    http.get('/api/recovery-plans', () => HttpResponse.json({ items: [] })),
    http.get('/api/drs/source-servers', () =>
      HttpResponse.json({ initialized: true, items: servers }),
    ),
    http.post('/api/protection-groups', async ({ request }) => {
      await note(request);
      const made = group('Web', { sourceServerIds: [serverId(1)] });
      groups.push(made);
      return HttpResponse.json(made, { status: 201 });
    }),
    http.put('/api/protection-groups/:id', async ({ request }) => {
      await note(request);
      return HttpResponse.json(groups[0]);
    }),
    http.delete('/api/protection-groups/:id', async ({ request }) => {
      await note(request);
      return new HttpResponse(null, { status: 204 });
    }),
  );
  return sent;
}

it('lists groups with Region, servers and isolation, and filters them', async () => {
  api([group('Databases'), group('Web', { region: 'us-east-1' })]);
  open('/protection-groups');
  const table = await screen.findByRole('grid', { name: 'Protection groups' });
  expect(within(table).getByRole('link', { name: 'Databases' })).toHaveAttribute(
    'href',
    '/protection-groups/group-databases',
  );
  expect(within(table).getAllByText('Not written down')).toHaveLength(2);
  filterBy('us-east');
  expect(within(table).queryByRole('link', { name: 'Databases' })).toBeNull();
  expect(screen.getAllByText('1 match')).not.toHaveLength(0);
});

it('says that there are none yet, and leads to making one', async () => {
  api([]);
  const { router } = open('/protection-groups');
  await screen.findByText('No protection groups yet');
  const [button] = await screen.findAllByRole('link', { name: 'Create protection group' });
  if (button !== undefined) {
    await userEvent.click(button);
  }
  await screen.findByRole('heading', { level: 1, name: 'Create protection group' });
  expect(router.state.location.pathname).toBe('/protection-groups/new');
});

it('stays where somebody is typing while the groups of the servers are read', async () => {
  api([], [discovered(1)]);
  let answer: () => void = () => undefined;
  const isAsked = new Promise<void>((resolve) => {
    server.use(
      http.get('/api/protection-groups', async () => {
        resolve();
        await new Promise<void>((go) => {
          answer = go;
        });
        return HttpResponse.json({ items: [] });
      }),
    );
  });
  open('/protection-groups/new');
  const name = await screen.findByLabelText('Name');
  await userEvent.type(name, 'We');
  await isAsked;
  expect(name).toBeVisible();
  expect(name).toHaveFocus();
  await userEvent.keyboard('b');
  answer();
  await screen.findByRole('checkbox', { name: /^Select host-1 / });
  expect(screen.getByLabelText('Name')).toHaveValue('Web');
});

it('keeps chosen servers that a filter hides when all that is shown is chosen', async () => {
  const sent = api([], [discovered(1), discovered(2), discovered(3)]);
  open('/protection-groups/new');
  await userEvent.type(await screen.findByLabelText('Name'), 'Web');
  await userEvent.click(screen.getByRole('checkbox', { name: /^Select host-1 / }));
  filterBy('host-3');
  await userEvent.click(screen.getByRole('checkbox', { name: /Select all shown/ }));
  await userEvent.click(screen.getByRole('button', { name: 'Create protection group' }));
  await screen.findAllByText('Protection group Web was created.');
  expect(sent).toHaveLength(1);
  expect(sent[0]?.body).toEqual({
    name: 'Web',
    description: '',
    region: 'us-east-1',
    sourceServerIds: [serverId(1), serverId(3)],
  });
});

it('does not let a server of another group be chosen, and names the group', async () => {
  api([group('Databases')], [discovered(1, { protectionGroupId: 'group-databases' })]);
  open('/protection-groups/new');
  expect(await screen.findByRole('checkbox', { name: /^Select host-1 / })).toBeDisabled();
  expect(screen.getByText('In Databases')).toBeInTheDocument();
});

it('lets the servers of the edited group be taken out, and sends the version it read', async () => {
  const own = { protectionGroupId: 'group-databases' };
  const sent = api([group('Databases', { version: 7 })], [discovered(1, own), discovered(2, own)]);
  open('/protection-groups/group-databases/edit');
  const box = await screen.findByRole('checkbox', { name: /^Select host-2 / });
  expect(box).toBeChecked();
  await userEvent.click(box);
  await userEvent.click(screen.getByRole('button', { name: 'Save changes' }));
  await screen.findAllByText('Protection group Databases was changed.');
  expect(sent[0]).toMatchObject({ ifMatch: '"7"', body: { sourceServerIds: [serverId(1)] } });
});

it('shows each fault of the server at its field, and moves the focus to the first', async () => {
  api([], [discovered(1)]);
  server.use(
    http.post('/api/protection-groups', () =>
      HttpResponse.json(
        {
          ...problem(400, 'INVALID_GROUP', 'The request has 3 faults.'),
          faults: [
            { path: 'name', code: 'REQUIRED', message: 'a name is needed' },
            { path: 'sourceServerIds[0]', code: 'UNKNOWN_SOURCE_SERVER', message: 'DRS has no such server' },
            { path: 'clientToken', code: 'TOO_LONG', message: 'at most 64 characters' },
          ],
        },
        { status: 400 },
      ),
    ),
  );
  open('/protection-groups/new');
  await screen.findByRole('checkbox', { name: /^Select host-1 / });
  await userEvent.click(screen.getByRole('button', { name: 'Create protection group' }));
  expect(await screen.findByText('A name is needed.')).toBeInTheDocument();
  expect(screen.getByText('DRS has no such server.')).toBeInTheDocument();
  expect(screen.getByText(/At most 64 characters/)).toBeInTheDocument();
  expect(screen.getByLabelText('Name')).toHaveFocus();
});

it('explains a conflict with the group and the server that are in the way', async () => {
  api([group('Databases')], [discovered(1)]);
  server.use(
    http.post('/api/protection-groups', () =>
      HttpResponse.json(
        {
          ...problem(409, 'SERVER_IN_ANOTHER_GROUP', 'A server is in another group.'),
          groups: [{ protectionGroupId: 'group-databases', name: 'Databases' }],
          servers: [{ sourceServerId: serverId(1), reason: 'is in Databases' }],
        },
        { status: 409 },
      ),
    ),
  );
  open('/protection-groups/new');
  await screen.findByRole('checkbox', { name: /^Select host-1 / });
  await userEvent.click(screen.getByRole('button', { name: 'Create protection group' }));
  const alert = await screen.findByText(/A server is in another group/);
  expect(within(alert.parentElement ?? alert).getByRole('link', { name: 'Databases' })).toBeVisible();
});

it.each([
  ['says that DRS is not initialised', { initialized: false, items: [] }, 200, 'DRS is not initialised here'],
  ['says that there are no servers', { initialized: true, items: [] }, 200, 'No source servers'],
  ['says why it could not look', problem(409, 'DRS_ACCESS_DENIED', 'DRS says: no.'), 409, 'DRS says: no.'],
])('%s', async (_, body, status, text) => {
  api([]);
  server.use(http.get('/api/drs/source-servers', () => HttpResponse.json(body, { status })));
  open('/protection-groups/new');
  expect(await screen.findByText(text)).toBeInTheDocument();
});

it('deletes only when the name is typed, and shows the reason of a refusal', async () => {
  const sent = api([group('Databases')]);
  server.use(
    http.get('/api/recovery-plans', () =>
      HttpResponse.json({ items: [plan('Shop', { waves: [plannedWave('db')] })] }),
    ),
    http.delete(
      '/api/protection-groups/:id',
      () =>
        HttpResponse.json(
          {
            ...problem(409, 'GROUP_IN_USE', 'Plans use this group.'),
            plans: [{ recoveryPlanId: 'plan-shop', name: 'Shop' }],
          },
          { status: 409 },
        ),
      { once: true },
    ),
  );
  const { router } = open('/protection-groups/group-databases');
  await userEvent.click(await screen.findByRole('button', { name: 'Delete' }));
  const dialog = await screen.findByRole('dialog', { name: 'Delete Databases?' });
  await userEvent.click(within(dialog).getByRole('button', { name: 'Delete' }));
  expect(within(dialog).getByText('This is not the name.')).toBeInTheDocument();
  await userEvent.type(within(dialog).getByLabelText('Type Databases to confirm'), 'Databases');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Delete' }));
  expect(await within(dialog).findByText(/Plans use this group/)).toBeInTheDocument();
  expect(within(dialog).getByRole('link', { name: 'Shop' })).toBeInTheDocument();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Delete' }));
  await vi.waitFor(() => {
    expect(router.state.location.pathname).toBe('/protection-groups');
  });
  expect(sent).toEqual([{ method: 'DELETE', ifMatch: '"1"', body: undefined }]);
});

it('offers a viewer no change, and says which role it takes', async () => {
  api([group('Databases')]);
  server.use(
    http.get('/api/user/permissions', () =>
      HttpResponse.json({ ...PERMISSIONS, roles: ['viewer'], permissions: ['read'] }),
    ),
  );
  open('/protection-groups/group-databases');
  const button = await screen.findByRole('button', { name: 'Edit' });
  await vi.waitFor(() => {
    expect(button).toHaveAccessibleDescription(/You need the role drill-operator/);
  });
  expect(button).toHaveAttribute('aria-disabled', 'true');
});
