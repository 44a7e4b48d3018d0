import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { expect, it } from 'vitest';

import type { ProtectionGroup, SourceServer, StartRequest } from '../../../api/types';
import { discovered, execution, group, plan, problem, serverId } from '../../../test/fixtures';
import { open } from '../../../test/render';
import { PERMISSIONS, server } from '../../../test/server';

const INSTANCE: NonNullable<SourceServer['recoveryInstance']> = {
  id: 'i-1',
  ec2State: 'RUNNING',
  failbackState: null,
  jobId: 'drsjob-1',
  kind: 'DRILL',
  privateIps: [],
  recoveryPointAt: null,
};

const ISOLATION = {
  statement: 'The drill VPC has no route out.',
  confirmedBy: 'a@example.com',
  confirmedAt: '2026-11-23T10:00:00Z',
};

function api(servers: SourceServer[], members: Partial<ProtectionGroup> = {}) {
  const started: StartRequest[] = [];
  server.use(
    http.get('/api/protection-groups', () =>
      HttpResponse.json({ items: [group('Databases', members)] }),
    ),
    http.get('/api/recovery-plans/:id', () => HttpResponse.json(plan('Shop'))),
    http.get('/api/executions', () => HttpResponse.json({ items: [] })),
    http.get('/api/drs/source-servers', () =>
      HttpResponse.json({ initialized: true, items: servers }),
    ),
    http.get('/api/executions/:id', () => HttpResponse.json(execution())),
    http.get('/api/executions/:id/events', () => HttpResponse.json({ items: [] })),
    http.get('/api/executions/:id/job-logs', () => HttpResponse.json({ items: [] })),
    http.post('/api/executions', async ({ request }) => {
      started.push(JSON.parse(await request.text()) as StartRequest);
      const body = { executionId: 'execution-1', status: 'PENDING', statusUrl: '' };
      return HttpResponse.json(body, { status: 202 });
    }),
  );
  return started;
}

async function openDialog(button: string, title: string) {
  open('/recovery-plans/plan-shop');
  const opener = await screen.findByRole('button', { name: button });
  await expect.poll(() => opener.getAttribute('aria-disabled')).not.toBe('true');
  await userEvent.click(opener);
  return within(await screen.findByRole('dialog', { name: title }));
}

const openDrill = () => openDialog('Start drill', 'Start a drill of Shop');
const openRecovery = () => openDialog('Start recovery', 'Start a recovery of Shop');

it('says what a drill does, where, with how old data, and what it destroys', async () => {
  api([discovered(1, { lagSeconds: 65 }), discovered(2, { recoveryInstance: INSTANCE })], {
    drillIsolation: ISOLATION,
  });
  const dialog = await openDrill();
  expect(
    dialog.getByText('2 servers in account 111122223333, Region us-west-2 (Oregon)'),
  ).toBeInTheDocument();
  expect(await dialog.findByText(`The oldest is host-1 (${serverId(1)}), 1 min 5 s behind.`)).toBeInTheDocument();
  expect(dialog.getByText('1 instance will be destroyed')).toBeInTheDocument();
  expect(dialog.getByText(/^i-1 \(of a drill\) of/)).toHaveTextContent(`i-1 (of a drill) of host-2 (${serverId(2)})`);
  expect(dialog.getByText(/This product does not isolate drills/)).toBeInTheDocument();
  expect(dialog.getByText('The drill VPC has no route out.').parentElement).toHaveTextContent('Databases: The drill VPC has no route out.');
});

it('starts an isolated drill without a question, and goes to its page', async () => {
  const started = api([discovered(1), discovered(2)], { drillIsolation: ISOLATION });
  const dialog = await openDrill();
  await dialog.findByText('No instance will be destroyed.');
  await userEvent.click(dialog.getByRole('button', { name: 'Start drill on 2 servers' }));
  await screen.findByRole('heading', { level: 1, name: /Drill of Shop/ });
  expect(started).toEqual([
    { recoveryPlanId: 'plan-shop', kind: 'DRILL', clientToken: expect.any(String) as string },
  ]);
});

it('asks why a drill that is not isolated, or has old data, is safe', async () => {
  const started = api([discovered(1, { replicationState: 'STALLED', recoverability: 'LAGGING' }), discovered(2)]);
  const dialog = await openDrill();
  await userEvent.click(dialog.getByRole('button', { name: 'Start drill on 2 servers' }));
  expect(dialog.getByText('Say why.')).toBeInTheDocument();
  expect(started).toEqual([]);
  const why = dialog.getByLabelText('Why it is safe to drill without that');
  expect(why).toHaveFocus();
  await userEvent.type(why, 'An empty account.');
  await userEvent.type(await dialog.findByLabelText(/Why the drill may use old data/), 'Only a test.');
  await userEvent.click(dialog.getByRole('button', { name: 'Start drill on 2 servers' }));
  await screen.findByRole('heading', { level: 1, name: /Drill of Shop/ });
  expect(started[0]?.acknowledge).toEqual({ notIsolated: 'An empty account.', lag: 'Only a test.' });
});

it('shows the refusal of a guard with every server and its reason, and stays open', async () => {
  api([discovered(1, { recoveryInstance: { ...INSTANCE, kind: 'RECOVERY' } }), discovered(2)], {
    drillIsolation: ISOLATION,
  });
  server.use(
    http.post('/api/executions', () =>
      HttpResponse.json(
        {
          ...problem(409, 'SERVER_HAS_LIVE_RECOVERY_INSTANCE', 'A drill would destroy a recovery.'),
          servers: [{ sourceServerId: serverId(1), reason: 'i-1 is a live instance of a recovery' }],
        },
        { status: 409 },
      ),
    ),
  );
  const dialog = await openDrill();
  expect(await dialog.findByText('1 server must not be drilled')).toBeInTheDocument();
  await userEvent.click(dialog.getByRole('button', { name: 'Start drill on 2 servers' }));
  expect(await dialog.findByText(/A drill would destroy a recovery/)).toBeInTheDocument();
  expect(dialog.getByText('i-1 is a live instance of a recovery.').parentElement).toHaveTextContent(`${serverId(1)}: i-1 is`);
});

it('starts a recovery only with the name of the plan and a reason', async () => {
  const started = api([discovered(1, { recoveryInstance: { ...INSTANCE, kind: 'RECOVERY' } }), discovered(2)]);
  const dialog = await openRecovery();
  const button = dialog.getByRole('button', { name: 'Start recovery of 2 servers' });
  await userEvent.click(button);
  expect(dialog.getByText('This is not the name of the plan.')).toBeInTheDocument();
  await userEvent.type(dialog.getByLabelText('Reason'), 'The Region is down.');
  await userEvent.type(dialog.getByLabelText(/Type the plan's name/), 'Shop');
  await userEvent.click(
    await dialog.findByRole('checkbox', { name: /Destroy i-1 and launch host-1 \(s-\d+\) again/ }),
  );
  await userEvent.type(dialog.getByLabelText('Why this instance may be destroyed'), 'Broken.');
  await userEvent.click(button);
  await screen.findByRole('heading', { level: 1, name: /of Shop/ });
  expect(started[0]).toEqual({
    recoveryPlanId: 'plan-shop',
    kind: 'RECOVERY',
    clientToken: expect.any(String) as string,
    confirm: { recoveryPlanName: 'Shop', serverCount: 2, reason: 'The Region is down.' },
    replaceInstances: [
      { sourceServerId: serverId(1), recoveryInstanceId: 'i-1', reason: 'Broken.' },
    ],
  });
});

it('lets a recovery go on without a look at DRS only with a reason', async () => {
  const started = api([]);
  server.use(
    http.get('/api/drs/source-servers', () =>
      HttpResponse.json(problem(409, 'DRS_ACCESS_DENIED', 'DRS says: no.'), { status: 409 }),
    ),
  );
  const dialog = await openRecovery();
  expect(await dialog.findByText('DRS in us-west-2 could not be read')).toBeInTheDocument();
  await userEvent.type(dialog.getByLabelText(/without a look at DRS/), 'It is down too.');
  await userEvent.type(dialog.getByLabelText('Reason'), 'Down.');
  await userEvent.type(dialog.getByLabelText(/Type the plan's name/), 'Shop');
  await userEvent.click(dialog.getByRole('button', { name: 'Start recovery of 2 servers' }));
  await screen.findByRole('heading', { level: 1, name: /of Shop/ });
  expect(started[0]?.acknowledge).toEqual({ unverified: 'It is down too.' });
});

it('lets a drill-operator start no recovery', async () => {
  api([discovered(1)]);
  server.use(
    http.get('/api/user/permissions', () =>
      HttpResponse.json({ ...PERMISSIONS, permissions: ['read', 'edit-plans', 'run-drills'] }),
    ),
  );
  open('/recovery-plans/plan-shop');
  const button = await screen.findByRole('button', { name: 'Start recovery' });
  await expect
    .poll(() => button.getAttribute('aria-describedby'))
    .not.toBeNull();
  await screen.findByText('You need the role recovery-manager to run recoveries.');
  expect(button).toHaveAttribute('aria-disabled', 'true');
});
