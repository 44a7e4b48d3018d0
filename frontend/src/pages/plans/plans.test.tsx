import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { expect, it, vi } from 'vitest';

import type { RecoveryPlan, RecoveryPlanRequest } from '../../api/types';
import { pick } from '../../test/cloudscape';
import { group, plan, plannedWave, problem } from '../../test/fixtures';
import { open } from '../../test/render';
import { server } from '../../test/server';

const GROUPS = [group('Databases'), group('Web', { sourceServerIds: ['s-3'] })];

function api(plans: RecoveryPlan[]) {
  const sent: { ifMatch: string | null; body: RecoveryPlanRequest }[] = [];
  server.use(
    http.get('/api/protection-groups', () => HttpResponse.json({ items: GROUPS })),
    http.get('/api/recovery-plans', () => HttpResponse.json({ items: plans })),
    http.get('/api/recovery-plans/:id', ({ params }) => {
      const found = plans.find((item) => item.recoveryPlanId === params.id);
      return found === undefined
        ? HttpResponse.json(problem(404, 'NOT_FOUND', 'There is none.'), { status: 404 })
        : HttpResponse.json(found);
    }),
    http.get('/api/executions', () => HttpResponse.json({ items: [] })),
    http.post('/api/recovery-plans', async ({ request }) => {
      sent.push({ ifMatch: null, body: JSON.parse(await request.text()) as RecoveryPlanRequest });
      const made = plan('Shop');
      plans.push(made);
      return HttpResponse.json(made, { status: 201 });
    }),
    http.put('/api/recovery-plans/:id', async ({ request }) => {
      const body = JSON.parse(await request.text()) as RecoveryPlanRequest;
      sent.push({ ifMatch: request.headers.get('If-Match'), body });
      return HttpResponse.json(plans[0]);
    }),
  );
  return sent;
}

const click = async (name: string | RegExp) =>
  userEvent.click(await screen.findByRole('button', { name }));

const goToReview = async () => {
  for (const next of ['Next', 'Next', 'Next', 'Next']) {
    await click(next);
  }
};

it('lists plans with their waves, servers, gates and groups', async () => {
  api([plan('Shop', { waves: [plannedWave('db'), plannedWave('web', { protectionGroupIds: ['group-web'], pauseBefore: true })] })]);
  open('/recovery-plans');
  const table = await screen.findByRole('grid', { name: 'Recovery plans' });
  const row = within(table).getAllByRole('row')[1];
  expect(row).toHaveTextContent(/Shop2, 1 gate3Databases, Web/);
});

it('says of each plan how its last drill and recovery went, and when', async () => {
  const run = (status: string) => ({ executionId: 'e-1', status, endedAt: '2024-01-02T10:00:00Z' });
  server.use(
    http.get('/api/statistics/recovery-plans', () =>
      HttpResponse.json({
        items: [{ recoveryPlanId: 'plan-shop', lastDrill: run('FAILED'), lastCompletedDrill: run('COMPLETED'), lastRecovery: null }],
      }),
    ),
  );
  api([plan('Archive'), plan('Shop')]);
  open('/recovery-plans');
  const table = await screen.findByRole('grid', { name: 'Recovery plans' });
  const failed = await within(table).findByText('Failed');
  expect(failed.closest('tr')).toHaveTextContent(/^Shop.*days agoFailedNever/);
  expect(within(table).getAllByText('Never')).toHaveLength(3);
});

it('says where it could not be read how plans ran', async () => {
  server.use(
    http.get('/api/statistics/recovery-plans', () =>
      HttpResponse.json(problem(500, 'INTERNAL_ERROR', 'A bug.'), { status: 500 }),
    ),
  );
  api([plan('Shop')]);
  open('/recovery-plans');
  expect((await screen.findAllByText('Could not be read'))[0]).toBeInTheDocument();
});

it('says that there is no such plan', async () => {
  api([]);
  open('/recovery-plans/plan-nowhere');
  expect(await screen.findByText('No such recovery plan')).toBeInTheDocument();
});

it('shows the graph in words, and the waves as a table', async () => {
  const waves = [plannedWave('db'), plannedWave('web', { dependsOn: ['db'], pauseBefore: true })];
  api([plan('Shop', { waves })]);
  open('/recovery-plans/plan-shop');
  const graph = await screen.findByRole('img', { name: /Wave web starts after Wave db/ });
  expect(graph).toHaveAccessibleName(
    'Wave db starts at once: 2 servers. Wave web starts after Wave db, behind a gate: 2 servers.',
  );
  const table = screen.getByRole('table', { name: 'Waves' });
  expect(within(table).getByText('Waits for a person')).toBeInTheDocument();
});

it('makes a plan of two waves, moved by buttons, with a gate and a policy', async () => {
  const sent = api([]);
  open('/recovery-plans/new');
  await userEvent.type(await screen.findByLabelText('Name'), 'Shop');
  await click('Next');
  pick(await screen.findByRole('button', { name: /Protection groups/ }), 'Databases');
  await userEvent.clear(screen.getByLabelText('Wave name'));
  await userEvent.type(screen.getByLabelText('Wave name'), 'Data');
  await click('Add wave');
  const second = screen.getAllByRole('button', { name: /Protection groups/ })[1];
  if (second !== undefined) {
    pick(second, 'Web');
  }
  await click('Move Wave 2 up');
  expect(await screen.findByText('Wave 2 is now wave 1 of 2.')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Move Wave 2 up' })).toBeDisabled();
  await click('Move Wave 2 down');
  await click('Next');
  expect(await screen.findByRole('img', { name: /Wave 2 starts after Data/ })).toBeInTheDocument();
  await userEvent.click(
    screen.getByRole('checkbox', { name: /Wait for a person .* of Wave 2/ }),
  );
  expect(screen.getByRole('img', { name: /Wave 2 starts after Data, behind a gate/ })).toBeVisible();
  await click('Next');
  pick(await screen.findByRole('button', { name: /When fewer launch of Data/ }), 'Continue');
  await click('Next');
  await click('Create recovery plan');
  await screen.findAllByText('Recovery plan Shop was created.');
  expect(sent).toHaveLength(1);
  expect(sent[0]?.body).toMatchObject({
    name: 'Shop',
    waves: [
      { key: 'data', name: 'Data', protectionGroupIds: ['group-databases'], sourceServerIds: null, dependsOn: [], onFailure: 'CONTINUE', timeLimitMinutes: 240 },
      { key: 'wave-2', protectionGroupIds: ['group-web'], dependsOn: ['data'], pauseBefore: true, onFailure: null },
    ],
  });
});

it('leads to the first step with a fault, shows each at its field, and sends the version it read', async () => {
  const waves = [plannedWave('db'), plannedWave('web', { dependsOn: ['db'] })];
  const sent = api([plan('Shop', { waves, version: 9 })]);
  server.use(
    http.put(
      '/api/recovery-plans/:id',
      () =>
        HttpResponse.json(
          {
            ...problem(400, 'INVALID_PLAN', 'The request has 3 faults.'),
            faults: [
              { path: 'waves[1].timeLimitMinutes', code: 'OUT_OF_RANGE', message: 'from 1 to 4320 minutes' },
              { path: 'waves[0].dependsOn', code: 'CYCLE', message: 'the waves wait for each other' },
              { path: 'clientToken', code: 'TOO_LONG', message: 'too long' },
            ],
          },
          { status: 400 },
        ),
      { once: true },
    ),
  );
  open('/recovery-plans/plan-shop/edit');
  await goToReview();
  await click('Save changes');
  expect(await screen.findByText('The waves wait for each other.')).toBeInTheDocument();
  expect(screen.getByText(/Too long/)).toBeInTheDocument();
  expect(screen.queryByText('From 1 to 4320 minutes.')).toBeNull();
  await click('Next');
  expect(screen.getByText('From 1 to 4320 minutes.')).toBeInTheDocument();
  await click('Next');
  await click('Save changes');
  await vi.waitFor(() => {
    expect(sent[0]).toMatchObject({ ifMatch: '"9"', body: { waves } });
  });
});

it('says that somebody else has changed the plan, and loads it again', async () => {
  api([plan('Shop')]);
  server.use(
    http.put('/api/recovery-plans/:id', () =>
      HttpResponse.json(problem(412, 'STALE_VERSION', 'It was changed.'), { status: 412 }),
    ),
  );
  open('/recovery-plans/plan-shop/edit');
  await userEvent.type(await screen.findByLabelText('Name'), ' 2');
  await goToReview();
  await click('Save changes');
  await screen.findByText(/Somebody else has changed this plan/);
  await click('Load again');
  expect(await screen.findByLabelText('Name')).toHaveValue('Shop');
});
