/** What the page of an execution says of instances that are gone, of cut texts and of failures. */
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { expect, it } from 'vitest';

import type { JobLogEntry } from '../../api/types';
import { openWave, show } from '../../test/execution-page';
import { execution, PHASES, serverId, sourceServer, STARTED_AT, wave } from '../../test/fixtures';
import { open } from '../../test/render';
import { server } from '../../test/server';
import { SITUATIONS } from '../../test/situations';
import { liveInstances } from './instances';

const CUT = `LAUNCH_FAILED: ${'x'.repeat(300)}\u2026`;
const JOB = { jobId: 'drsjob-1', status: 'COMPLETED', attempt: 1, startedAt: STARTED_AT, endedAt: STARTED_AT, logError: null } as const;
const entry = (number: number, event: string, error: string | null): JobLogEntry => ({
  jobId: 'drsjob-1',
  at: STARTED_AT,
  event,
  sourceServerId: serverId(number),
  conversionServerId: null,
  targetInstanceId: null,
  error,
  attempt: null,
  attemptsMax: null,
});

const serveLogs = (...items: JobLogEntry[]) => {
  server.use(
    http.get('/api/executions/execution-1/job-logs', () => HttpResponse.json({ items })),
    http.get('/api/executions/execution-1/events', () => HttpResponse.json({ items: [] })),
  );
};

it('says of every server whose instance the clean-up has terminated that it is gone, without an address', async () => {
  show(SITUATIONS['cleaned-up']);
  const table = within(await screen.findByRole('grid', { name: 'Servers' }));
  expect(table.getAllByText('Launched, then terminated')).toHaveLength(9);
  expect(table.getAllByText('terminated')).toHaveLength(9);
  expect(table.queryByText(/running/)).toBeNull();
  expect(table.queryByText(/10\.0\.0\.7/)).toBeNull();
});

it('still shows the address of an instance that could not be terminated', async () => {
  show(SITUATIONS.incomplete);
  const table = within(await screen.findByRole('grid', { name: 'Servers' }));
  expect(table.getAllByText('running, 10.0.0.7')).toHaveLength(1);
  expect(table.getAllByText('Launched, then terminated')).toHaveLength(8);
});

it('terminates again only what is left', () => {
  expect(liveInstances(SITUATIONS.incomplete).map(({ id }) => id)).toEqual(['i-00000000000000009']);
});

it('shows no address of an instance that another execution has replaced, nor of one that EC2 has ended', async () => {
  const instance = { id: 'i-1', ec2State: 'RUNNING', launchDisposition: null, privateIps: ['10.0.0.7'], recoveryPointAt: null, usedPreviousPoint: false, checkedAt: STARTED_AT };
  const up = { status: 'LAUNCHED' as const, recoveryInstanceId: 'i-1' };
  show(
    execution({
      waves: [
        wave('db', {
          servers: [
            sourceServer(1, { ...up, recoveryInstance: instance, replacedBy: 'execution-2' }),
            sourceServer(2, { ...up, recoveryInstance: { ...instance, ec2State: 'TERMINATED' } }),
          ],
        }),
      ],
    }),
  );
  const table = within(await screen.findByRole('grid', { name: 'Servers' }));
  expect(table.getByText('Launched, then replaced')).toBeInTheDocument();
  expect(table.getByText('Launched, then terminated')).toBeInTheDocument();
  expect(table.queryByText(/10\.0\.0\.7/)).toBeNull();
});

it('leads from a reason that came cut to the events of its server and its job', async () => {
  const whole = `LAUNCH_FAILED: ${'x'.repeat(300)} and its end`;
  serveLogs(entry(1, 'LAUNCH_FAILED', whole), entry(2, 'LAUNCH_END', null));
  show(execution({ waves: [wave('db', { jobs: [JOB], servers: [sourceServer(1, { status: 'FAILED', error: CUT, jobId: 'drsjob-1' }), sourceServer(2)] })] }));
  const [link] = await screen.findAllByRole('link', { name: 'The job events have more of it' });
  await userEvent.click(link ?? document.body);
  const table = await screen.findByRole('grid', { name: 'Job events' });
  expect(await within(table).findByText(/and its end/)).toBeInTheDocument();
  expect(within(table).queryByText('Launch ended')).toBeNull();
  expect(document.activeElement).toContainElement(table);
  expect(document.body).not.toHaveFocus();
});

it('says of which jobs the log could not be read, and why', async () => {
  serveLogs();
  const unread = { ...JOB, logError: 'the service does not answer' };
  const read = { ...JOB, jobId: 'drsjob-2' };
  server.use(
    http.get('/api/executions/execution-1', () =>
      HttpResponse.json(execution({ waves: [wave('db', { jobs: [unread, read] })] })),
    ),
  );
  open('/executions/execution-1?tab=jobs');
  expect(await screen.findByText(/The log of 1 DRS job could not be read/)).toBeInTheDocument();
  expect(screen.getByText(/The service does not answer/)).toBeInTheDocument();
  expect(screen.queryByText('drsjob-2:')).toBeNull();
});

it('leads to the event log from a reason of a server that no job was started for', async () => {
  show(execution({ waves: [wave('db', { servers: [sourceServer(1, { status: 'FAILED', error: CUT })] })] }));
  expect((await screen.findAllByRole('link', { name: 'The event log has more of it' })).length).toBeGreaterThan(0);
});

it('shows no backtick of what the server says of a wave', async () => {
  show(
    execution({
      warnings: ['wave `db` needs 3 servers; `x` is no wave'],
      statusReason: 'wave `db` failed',
      waves: [wave('db', { name: 'Databases', statusReason: 'stopped because wave `db` failed' })],
    }),
  );
  await screen.findByText('Stopped because wave Databases failed.');
  expect(screen.getByText('x').tagName).toBe('CODE');
  expect(document.body.textContent).not.toContain('`');
});

it('marks what failed in the timeline by a shape, a word and its reason', async () => {
  const launch = { phase: 'LAUNCH', startedAt: STARTED_AT, endedAt: '2026-11-23T10:01:00Z', failed: false };
  const items = [
    { sourceServerId: serverId(1), phases: [{ ...launch, failed: true }] },
    { sourceServerId: serverId(2), phases: [launch] },
  ];
  server.use(
    http.get('/api/executions/execution-1/phases', () => HttpResponse.json(PHASES)),
    http.get('/api/executions/execution-1/server-phases', () => HttpResponse.json({ items })),
  );
  server.use(
    http.get('/api/executions/execution-1', () =>
      HttpResponse.json(
        execution({
          waves: [
            wave('db', {
              jobs: [JOB],
              servers: [sourceServer(1, { status: 'FAILED', error: 'no capacity' }), sourceServer(2, { status: 'LAUNCHED' })],
            }),
          ],
        }),
      ),
    ),
  );
  open('/executions/execution-1?tab=timeline');
  await openWave('Wave db');
  const picture = within(await screen.findByRole('img', { name: /^Timeline/ }));
  expect(await picture.findByText('\u2715 Failed')).toBeInTheDocument();
  expect(picture.getByText(`host-1 (${serverId(1)}): Failed. No capacity.`)).toBeInTheDocument();
  expect(picture.getByText(`host-1 (${serverId(1)}): Launch, 1 min 0 s, failed`)).toBeInTheDocument();
  expect(picture.queryByText(/host-2 .*failed/i)).toBeNull();
  await userEvent.click(screen.getByRole('checkbox', { name: 'Show as a table' }));
  const table = within(await screen.findByRole('table', { name: 'Show as a table' }));
  expect(table.getByText('Failed')).toBeInTheDocument();
  expect(table.getByText('No capacity.')).toBeInTheDocument();
});
