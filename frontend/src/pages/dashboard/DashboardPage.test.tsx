import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { beforeEach, expect, it } from 'vitest';

import { counted, discovered, group, plan, problem, statistics, summary } from '../../test/fixtures';
import { open } from '../../test/render';
import { server } from '../../test/server';

const QUOTAS = {
  accountId: '111122223333',
  region: 'us-west-2',
  initialized: true,
  limits: { concurrentJobs: 20, serversPerJob: 100, serversInAllJobs: 500, replicatingServers: 300 },
  usage: { concurrentJobs: 3, serversInAllJobs: 40, sourceServers: 2, replicatingServers: 2 },
};
const AN_HOUR_AGO = new Date(Date.now() - 3_600_000).toISOString();
const TODAY = new Date().toISOString().slice(0, 10);
const LONG_AGO = '2024-01-02T10:00:00Z';
const ACTIVE = [
  summary({ executionId: 'e-1', recoveryPlanName: 'Shop' }),
  summary({ executionId: 'e-2', recoveryPlanName: 'Billing', status: 'PAUSED', openHoldCount: 2 }),
];
const FAILED = summary({
  executionId: 'e-3',
  recoveryPlanName: 'Archive',
  status: 'FAILED',
  startedAt: AN_HOUR_AGO,
  endedAt: AN_HOUR_AGO,
  statusReason: 'wave `db` failed',
});
const DRILLED = {
  recoveryPlanId: 'plan-archive',
  lastDrill: { executionId: 'e-9', status: 'COMPLETED', endedAt: LONG_AGO },
  lastCompletedDrill: { executionId: 'e-9', status: 'COMPLETED', endedAt: LONG_AGO },
  lastRecovery: null,
};

beforeEach(() => {
  server.use(
    http.get('/api/executions', ({ request }) => {
      const activity = new URL(request.url).searchParams.get('activity');
      return HttpResponse.json({ items: activity === 'ACTIVE' ? ACTIVE : [] });
    }),
    http.get('/api/statistics/executions', () =>
      HttpResponse.json(
        statistics({
          days: [counted(TODAY, { completed: 3 }), counted(TODAY, { kind: 'RECOVERY', failed: 1 })],
          failures: { since: AN_HOUR_AGO, count: 7, last: [FAILED] },
        }),
      ),
    ),
    http.get('/api/statistics/recovery-plans', () => HttpResponse.json({ items: [DRILLED] })),
    http.get('/api/recovery-plans', () => HttpResponse.json({ items: [plan('Archive'), plan('Shop')] })),
    http.get('/api/protection-groups', () => HttpResponse.json({ items: [group('Databases')] })),
    http.get('/api/drs/quotas', () => HttpResponse.json(QUOTAS)),
    http.get('/api/drs/source-servers', ({ request }) =>
      new URL(request.url).searchParams.get('region') === 'us-west-2'
        ? HttpResponse.json({
            initialized: true,
            items: [discovered(1), discovered(2, { recoverability: 'LAGGING' })],
          })
        : HttpResponse.json(problem(409, 'DRS_ACCESS_DENIED', 'DRS says: no.'), { status: 409 }),
    ),
  );
});

it('puts what waits for a person first', async () => {
  open('/');
  expect(
    await screen.findByText('Drill of Billing waits for a person: 2 holds.'),
  ).toBeInTheDocument();
  const rows = within(screen.getByRole('table', { name: 'Active executions' })).getAllByRole('row');
  expect(rows.slice(1).map((row) => within(row).getByRole('link').textContent)).toEqual([
    'Billing',
    'Shop',
  ]);
});

it('says what failed lately and why, and which plan has not been drilled', async () => {
  open('/');
  const failed = await screen.findByRole('table', { name: 'Lately not completed' });
  expect(failed).toHaveTextContent('Wave db failed.');
  expect(within(failed).getByText('db').tagName).toBe('CODE');
  expect(screen.getByText('(7)')).toBeInTheDocument();
  expect(screen.getByText('Plans without a completed drill in the last 90 days.')).toBeVisible();
  const overdue = screen.getByText('never drilled to completion').parentElement?.parentElement;
  expect(overdue).toHaveTextContent(/^Shop never drilled/);
  expect(screen.getByText(/^last completed/)).toHaveTextContent(/days ago/);
});

it('shows replication and quotas of each Region, and why one could not be read', async () => {
  open('/');
  const regions = within(await screen.findByRole('table', { name: 'DRS by Region' }));
  expect(await regions.findByText('1 server replicating')).toBeInTheDocument();
  expect(regions.getByText('1 server lagging or not replicating')).toBeInTheDocument();
  expect((await regions.findAllByText('3 of 20'))[0]).toBeInTheDocument();
  expect(await regions.findByText(/DRS says: no\./)).toBeInTheDocument();
});

it('counts drills and recoveries together or apart', async () => {
  open('/');
  const choice = await screen.findByRole('toolbar', { name: 'Which executions' });
  expect(within(choice).getByRole('button', { name: 'All' })).toHaveAttribute('aria-pressed', 'true');
  await userEvent.click(within(choice).getByRole('button', { name: 'Recoveries' }));
  expect(within(choice).getByRole('button', { name: 'Recoveries' })).toHaveAttribute('aria-pressed', 'true');
});

it('says in place what of the past could not be read, and shows what runs all the same', async () => {
  server.use(
    http.get('/api/statistics/executions', () =>
      HttpResponse.json(problem(503, 'UNAVAILABLE', 'The tables could not be reached.'), { status: 503 }),
    ),
  );
  open('/');
  expect(await screen.findByRole('table', { name: 'Active executions' })).toBeInTheDocument();
  expect(await screen.findByText(/The tables could not be reached/)).toBeInTheDocument();
  expect(screen.getByRole('table', { name: 'Active executions' })).toBeInTheDocument();
});
