import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { expect, it } from 'vitest';

import type { Execution, ExecutionSummary, SourceServer, StartRequest } from '../../../api/types';
import {
  discovered,
  execution,
  group,
  plan,
  problem,
  sourceServer,
  summary,
  wave,
} from '../../../test/fixtures';
import { open } from '../../../test/render';
import { server } from '../../../test/server';

const DRILL = execution({
  executionId: 'drill-1',
  recoveryPlanId: 'plan-other',
  recoveryPlanName: 'Other',
  status: 'PAUSED',
  waves: [wave('db', { servers: [sourceServer(2)] })],
});

const FAILED = execution({
  executionId: 'recovery-1',
  recoveryPlanId: 'plan-shop',
  kind: 'RECOVERY',
  status: 'FAILED',
  endedAt: '2026-11-23T10:20:00Z',
  continuation: { allowed: true },
  waves: [
    wave('db', {
      servers: [
        sourceServer(1, { status: 'LAUNCHED', recoveryInstanceId: 'i-1' }),
        sourceServer(2, { status: 'FAILED' }),
      ],
    }),
  ],
});

const UP: SourceServer['recoveryInstance'] = {
  id: 'i-1',
  ec2State: 'RUNNING',
  failbackState: null,
  jobId: 'drsjob-1',
  kind: 'RECOVERY',
  privateIps: [],
  recoveryPointAt: null,
};

function listed({ executionId, kind, status, recoveryPlanId, recoveryPlanName }: Execution): ExecutionSummary {
  return summary({ executionId, kind, status, recoveryPlanId, recoveryPlanName });
}

/** A plan of two servers, and these executions; notes what is started. */
function api(executions: readonly Execution[]) {
  const started: StartRequest[] = [];
  server.use(
    http.get('/api/protection-groups', () => HttpResponse.json({ items: [group('Databases')] })),
    http.get('/api/recovery-plans/:id', () => HttpResponse.json(plan('Shop'))),
    http.get('/api/drs/source-servers', () =>
      HttpResponse.json({
        initialized: true,
        items: [discovered(1, { recoveryInstance: UP }), discovered(2)],
      }),
    ),
    http.get('/api/executions', ({ request }) => {
      const query = new URL(request.url).searchParams;
      const items = executions.filter(
        ({ kind, recoveryPlanId }) =>
          (query.get('kind') ?? kind) === kind &&
          (query.get('recoveryPlanId') ?? recoveryPlanId) === recoveryPlanId,
      );
      return HttpResponse.json({ items: items.map(listed) });
    }),
    http.get('/api/executions/:id', ({ params }) =>
      HttpResponse.json([...executions, DRILL].find(({ executionId }) => executionId === params.id) ?? execution()),
    ),
    http.post('/api/executions', async ({ request }) => {
      started.push(JSON.parse(await request.text()) as StartRequest);
      const body = { executionId: 'execution-1', status: 'PENDING', statusUrl: '' };
      return HttpResponse.json(body, { status: 202 });
    }),
  );
  return started;
}

async function recoveryDialog() {
  return within(await screen.findByRole('dialog', { name: 'Start a recovery of Shop' }));
}

async function openRecovery() {
  open('/recovery-plans/plan-shop');
  const opener = await screen.findByRole('button', { name: 'Start recovery' });
  await expect.poll(() => opener.getAttribute('aria-disabled')).not.toBe('true');
  await userEvent.click(opener);
  return recoveryDialog();
}

type Dialog = Awaited<ReturnType<typeof recoveryDialog>>;

async function confirm(dialog: Dialog, button: string) {
  await userEvent.type(dialog.getByLabelText('Reason'), 'It is down.');
  await userEvent.type(dialog.getByLabelText(/Type the plan's name/), 'Shop');
  await userEvent.click(dialog.getByRole('button', { name: button }));
}

it('offers to take the place of a drill that has servers of the plan, and asks why', async () => {
  const started = api([DRILL]);
  const dialog = await openRecovery();
  expect(await dialog.findByText('A drill is in the way')).toBeInTheDocument();
  expect(dialog.getByText(/Paused, with 1 server of this plan, by operator@example.com/)).toBeInTheDocument();
  await userEvent.click(dialog.getByRole('checkbox', { name: /Take the place of the drill of Other/ }));
  await confirm(dialog, 'Start recovery of 2 servers');
  expect(dialog.getByText('Say why.')).toBeInTheDocument();
  expect(started).toEqual([]);
  await userEvent.type(dialog.getByLabelText('Why the drill gives way'), 'This is real.');
  await userEvent.click(dialog.getByRole('button', { name: 'Start recovery of 2 servers' }));
  await screen.findByRole('heading', { level: 1, name: /of Shop/ });
  expect(started[0]?.preempt).toEqual([{ executionId: 'drill-1', reason: 'This is real.' }]);
});

it('offers the drill that a refusal names, when it was not known before', async () => {
  api([]);
  server.use(
    http.post('/api/executions', () =>
      HttpResponse.json(
        {
          ...problem(409, 'SERVER_IN_ACTIVE_EXECUTION', 'A server is in a drill.'),
          execution: 'drill-1',
          kind: 'DRILL',
        },
        { status: 409 },
      ),
    ),
  );
  const dialog = await openRecovery();
  await confirm(dialog, 'Start recovery of 2 servers');
  expect(await dialog.findByRole('checkbox', { name: /Take the place of the drill of Other/ })).toBeInTheDocument();
});

it('takes no place of a drill of other servers', async () => {
  api([{ ...DRILL, waves: [wave('db', { servers: [sourceServer(9)] })] }]);
  const dialog = await openRecovery();
  await dialog.findByRole('checkbox', { name: /Destroy i-1/ });
  expect(dialog.queryByText('A drill is in the way')).not.toBeInTheDocument();
});

it('continues a recovery that failed, and says what stays up', async () => {
  const started = api([FAILED]);
  open('/executions/recovery-1');
  await userEvent.click(await screen.findByRole('button', { name: 'Continue this recovery' }));
  const dialog = await recoveryDialog();
  expect(await dialog.findByText(/^1 server that it launched stays up as it is; the other 1 launch/)).toBeInTheDocument();
  expect(dialog.queryByRole('checkbox', { name: /Destroy i-1/ })).not.toBeInTheDocument();
  await confirm(dialog, 'Continue recovery: launch 1 server');
  await screen.findByRole('heading', { level: 1, name: /of Shop/ });
  expect(started[0]).toMatchObject({ kind: 'RECOVERY', continueFrom: 'recovery-1' });
});

it('offers to continue the last recovery, but launches everything unless that is wished', async () => {
  const started = api([FAILED]);
  const dialog = await openRecovery();
  const wish = await dialog.findByRole('checkbox', { name: /Continue the recovery that ended failed/ });
  expect(await dialog.findByRole('checkbox', { name: /Destroy i-1/ })).toBeInTheDocument();
  await userEvent.click(wish);
  expect(dialog.queryByRole('checkbox', { name: /Destroy i-1/ })).not.toBeInTheDocument();
  await userEvent.click(wish);
  await confirm(dialog, 'Start recovery of 2 servers');
  await screen.findByRole('heading', { level: 1, name: /of Shop/ });
  expect(started[0]).not.toHaveProperty('continueFrom');
});

it('does not continue what another recovery continues, says why, and leads to that', async () => {
  const reason = 'It is continued already, by recovery recovery-2.';
  const continuation = { allowed: false, reason };
  api([{ ...FAILED, continuedBy: 'recovery-2', continuation }]);
  open('/executions/recovery-1');
  const button = await screen.findByRole('button', { name: 'Continue this recovery' });
  expect(button).toHaveAttribute('aria-disabled', 'true');
  button.focus();
  expect((await screen.findAllByText(reason))[0]).toBeInTheDocument();
  expect(screen.getByText('Continued by')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'a later recovery' })).toHaveAttribute('href', '/executions/recovery-2');
});
