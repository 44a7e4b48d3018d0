import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { expect, it, vi } from 'vitest';

import { execution, problem, serverId, sourceServer, STARTED_AT, wave } from '../../test/fixtures';
import { api, show } from '../../test/execution-page';
import { open } from '../../test/render';
import { server } from '../../test/server';
import { SITUATIONS } from '../../test/situations';

it('says drill or recovery with account and Region, and one heading', async () => {
  show(SITUATIONS['failure-hold']);
  await screen.findByRole('heading', { level: 1, name: 'Recovery of Shop' });
  expect(screen.getAllByRole('heading', { level: 1 })).toHaveLength(1);
  expect(
    screen.getByText('RECOVERY in account 111122223333, Region us-west-2 (Oregon)'),
  ).toBeInTheDocument();
});

it('shows the verdict first, with who must act, what is waited for, and how old that is', async () => {
  show(SITUATIONS.gate);
  await screen.findByRole('heading', { level: 2, name: /Held at the gate before Application/ });
  expect(screen.getByText(/Somebody who may run drills: open the gate/)).toBeInTheDocument();
  expect(screen.getByText(/A person must open the gate/)).toBeInTheDocument();
  expect(screen.getByText(/DRS was last seen/)).toBeInTheDocument();
});

it('shows the waves as a graph in words and as a table, and the servers with phase and error', async () => {
  const servers = [
    sourceServer(1, { status: 'LAUNCHED', recoveryInstanceId: 'i-1' }),
    sourceServer(2, { status: 'LAUNCHING', phase: 'CONVERSION' }),
    sourceServer(3, { status: 'FAILED', error: 'no capacity', attempts: 2 }),
  ];
  show(execution({ waves: [wave('db', { name: 'Databases', status: 'LAUNCHING', servers })] }));
  await screen.findByRole('img', { name: /Databases starts at once: 1 of 3 launched, 1 failed, Launching/ });
  expect(screen.getByRole('table', { name: 'Waves' })).toBeInTheDocument();
  const rows = within(screen.getByRole('grid', { name: 'Servers' })).getAllByRole('row').slice(1);
  expect(rows.map((row) => row.textContent)).toEqual([
    expect.stringContaining('Launched'),
    expect.stringContaining('Conversion'),
    expect.stringMatching(/No capacity\. ?2 attempts\./),
  ]);
});

it('keeps only a page of hundreds of servers in the document', async () => {
  const servers = Array.from({ length: 500 }, (_, index) => sourceServer(index + 1));
  show(execution({ waves: [wave('db', { servers })] }));
  const table = await screen.findByRole('grid', { name: 'Servers' });
  expect(within(table).getAllByRole('row')).toHaveLength(26);
});

it('follows a clean-up to its end', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const state = show(SITUATIONS['cleaning-up']);
  expect(await screen.findByText('2 of 9 instances gone')).toBeInTheDocument();
  state.now = SITUATIONS['cleaned-up'];
  await act(() => vi.advanceTimersByTimeAsync(3_000));
  expect((await screen.findAllByText(/Cleaned up: nothing is left/))[0]).toBeInTheDocument();
});

it('says why a clean-up is incomplete, and of each instance why it stays', async () => {
  const incomplete = SITUATIONS.incomplete;
  show({ ...incomplete, cleanUp: { ...incomplete.cleanUp, reason: 'i-1: OperationNotPermitted' } });
  const reason = await screen.findByTestId('clean-up-reason');
  expect(reason).toHaveTextContent(/OperationNotPermitted/);
  const table = screen.getByRole('grid', { name: 'Instances' });
  expect(within(table).getByText(/protected from termination/)).toBeInTheDocument();
});

it('follows the execution while it moves, and rests when it has ended', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const state = show(SITUATIONS.launching);
  await screen.findByRole('heading', { level: 2, name: /Launching 4 servers/ });
  state.now = execution({ status: 'COMPLETED', waitingFor: [], endedAt: STARTED_AT });
  await act(() => vi.advanceTimersByTimeAsync(3_000));
  await screen.findByRole('heading', { level: 2, name: /Completed/ });
  const looks = state.looks.length;
  await act(() => vi.advanceTimersByTimeAsync(120_000));
  expect(state.looks).toHaveLength(looks);
});

it('asks only whether anything changed, and keeps what it has when nothing did', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const state = show(SITUATIONS.launching);
  state.etag = '"17"';
  await screen.findByRole('heading', { level: 2, name: /Launching 4 servers/ });
  await act(() => vi.advanceTimersByTimeAsync(7_000));
  expect(state.looks.slice(0, 3)).toEqual([null, '"17"', '"17"']);
  expect(screen.getByRole('heading', { level: 2, name: /Launching 4 servers/ })).toBeInTheDocument();
  expect(screen.queryByText('This is not up to date')).not.toBeInTheDocument();
});

it('keeps showing what it knows, with its age, while the server cannot be asked', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  show(SITUATIONS.launching);
  await screen.findByRole('heading', { level: 2, name: /Launching 4 servers/ });
  const body = problem(503, 'UNAVAILABLE', 'The table cannot be read now.');
  server.use(
    http.get('/api/executions/execution-1', () => HttpResponse.json(body, { status: 503 })),
  );
  await act(() => vi.advanceTimersByTimeAsync(20_000));
  expect(screen.getByText('This is not up to date')).toBeInTheDocument();
  expect(screen.getByText(/The table cannot be read now/).parentElement).toHaveTextContent(/2\d seconds ago/);
  expect(screen.getByRole('heading', { level: 2, name: /Launching 4 servers/ })).toBeInTheDocument();
  api(SITUATIONS.stopping);
  await act(() => vi.advanceTimersByTimeAsync(10_000));
  await screen.findByRole('heading', { level: 2, name: /Stopping/ });
  expect(screen.queryByText('This is not up to date')).not.toBeInTheDocument();
});

it('turns the verdict into not known while DRS cannot be observed, and says why', async () => {
  show(SITUATIONS.denied);
  await screen.findByRole('heading', { level: 2, name: /Not known since 23 Nov 2026/ });
  expect(screen.getByText(/AccessDeniedException/)).toBeInTheDocument();
});

it('loads the event log and the job events only when they are looked at', async () => {
  show(SITUATIONS.launching);
  server.use(
    http.get('/api/executions/execution-1/events', () =>
      HttpResponse.json({
        items: [
          {
            number: 1,
            at: STARTED_AT,
            code: 'WAVE_STARTED',
            waveKey: 'db',
            detail: 'wave `db` started',
            actor: 'a@example.com',
            hash: '',
            previousHash: '',
          },
        ],
      }),
    ),
    http.get('/api/executions/execution-1/phases', () =>
      HttpResponse.json({
        waves: [{ waveKey: 'db', goes: [{ startedAt: STARTED_AT, endedAt: null, failed: false }], moments: [] }],
        holds: [],
      }),
    ),
    http.get('/api/executions/execution-1/job-logs', () =>
      HttpResponse.json({
        items: [
          {
            jobId: 'drsjob-1',
            at: STARTED_AT,
            event: 'SNAPSHOT_START',
            sourceServerId: serverId(1),
            conversionServerId: null,
            targetInstanceId: null,
            error: null,
            attempt: null,
            attemptsMax: null,
          },
        ],
      }),
    ),
  );
  await userEvent.click(await screen.findByRole('tab', { name: 'Event log' }));
  const log = await screen.findByRole('grid', { name: 'Event log' });
  expect(await within(log).findByText('Wave Databases started.')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('tab', { name: 'Job events' }));
  expect(await screen.findByText('Snapshot started')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('tab', { name: 'Timeline' }));
  expect(await screen.findByRole('img', { name: /^Timeline from/ })).toBeInTheDocument();
  await userEvent.click(screen.getByRole('checkbox', { name: 'Show as a table' }));
  expect(await screen.findByRole('table', { name: 'Show as a table' })).toBeInTheDocument();
});

it('says that there is no such execution', async () => {
  const body = problem(404, 'NOT_FOUND', 'There is no such execution.');
  server.use(
    http.get('/api/executions/unknown', () => HttpResponse.json(body, { status: 404 })),
  );
  open('/executions/unknown');
  expect(await screen.findByText('No such execution')).toBeInTheDocument();
  expect(screen.getByRole('heading', { level: 1, name: 'Execution' })).toBeInTheDocument();
});
