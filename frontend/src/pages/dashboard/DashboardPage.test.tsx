import { screen, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { beforeEach, expect, it } from 'vitest';

import { discovered, group, plan, problem, summary } from '../../test/fixtures';
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

beforeEach(() => {
  server.use(
    http.get('/api/executions', () =>
      HttpResponse.json({
        items: [
          summary({ executionId: 'e-1', recoveryPlanName: 'Shop' }),
          summary({ executionId: 'e-2', recoveryPlanName: 'Billing', status: 'PAUSED', openHoldCount: 2 }),
          summary({ executionId: 'e-3', recoveryPlanName: 'Archive', status: 'FAILED', startedAt: AN_HOUR_AGO, endedAt: AN_HOUR_AGO, statusReason: 'wave `db` failed' }),
        ],
      }),
    ),
    http.get('/api/recovery-plans', () => HttpResponse.json({ items: [plan('Shop')] })),
    http.get('/api/protection-groups', () => HttpResponse.json({ items: [group('Databases')] })),
    http.get('/api/drs/quotas', () => HttpResponse.json(QUOTAS)),
    http.get('/api/drs/source-servers', ({ request }) =>
      new URL(request.url).searchParams.get('region') === 'us-west-2'
        ? HttpResponse.json({
            initialized: true,
            items: [discovered(1), discovered(2, { replicationState: 'STALLED' })],
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
  expect(within(failed).getByText('Wave `db` failed.')).toBeInTheDocument();
  expect(screen.getByText('Plans without a completed drill in the last 90 days.')).toBeVisible();
});

it('shows replication and quotas of each Region, and why one could not be read', async () => {
  open('/');
  const regions = within(await screen.findByRole('table', { name: 'DRS by Region' }));
  expect(await regions.findByText('1 server replicating')).toBeInTheDocument();
  expect(regions.getByText('1 server lagging or not replicating')).toBeInTheDocument();
  expect((await regions.findAllByText('3 of 20'))[0]).toBeInTheDocument();
  expect(await regions.findByText(/DRS says: no\./)).toBeInTheDocument();
});
