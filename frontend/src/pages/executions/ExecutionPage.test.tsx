import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { expect, it, vi } from 'vitest';

import type { Execution } from '../../api/types';
import { allowedActions, execution, problem, sourceServer, STARTED_AT, wave } from '../../test/fixtures';
import { open } from '../../test/render';
import { server } from '../../test/server';

type Body = Record<string, unknown>;

/** Serves `state.now`, and notes the commands. */
function api(first: Execution) {
  const state = { now: first, commands: [] as { command: string; body: Body }[], looks: 0 };
  server.use(
    http.get('/api/executions/execution-1', () => {
      state.looks += 1;
      return HttpResponse.json(state.now);
    }),
    http.post('/api/executions/execution-1/:command', async ({ params, request }) => {
      const body = JSON.parse(await request.text()) as Body;
      state.commands.push({ command: String(params.command), body });
      return HttpResponse.json(state.now);
    }),
  );
  return state;
}

const PAUSED = execution({
  status: 'PAUSED',
  holds: [
    { holdId: 'hold-1', type: 'GATE', waveKey: 'db', since: STARTED_AT },
    { holdId: 'hold-2', type: 'FAILURE', waveKey: 'db', since: STARTED_AT },
  ],
  allowedActions: allowedActions({
    pause: { allowed: false, reason: 'It is paused already.' },
    resume: { allowed: true },
  }),
});

it('shows waves and servers, and what is waited for', async () => {
  const servers = [
    sourceServer(1, { status: 'LAUNCHED', recoveryInstanceId: 'i-1' }),
    sourceServer(2, { status: 'LAUNCHING', phase: 'CONVERSION' }),
    sourceServer(3, { status: 'FAILED', error: 'No capacity.', attempts: 2 }),
  ];
  api(execution({ waves: [wave('db', { name: 'Databases', status: 'LAUNCHING', servers })] }));
  open('/executions/execution-1');
  expect(
    await screen.findByRole('heading', { level: 1, name: 'Drill of Shop' }),
  ).toBeInTheDocument();
  expect(screen.getAllByRole('heading', { level: 1 })).toHaveLength(1);
  const table = screen.getByRole('table', { name: 'Servers of Databases' });
  const rows = within(table).getAllByRole('row').slice(1);
  expect(rows.map((row) => row.textContent)).toEqual([
    expect.stringContaining('Launched'),
    expect.stringContaining('Conversion'),
    expect.stringContaining('No capacity. 2 attempts.'),
  ]);
  expect(screen.getByText('1 of 3 servers launched')).toBeInTheDocument();
  expect(screen.getByText(/Job drsjob-1 launches 2 servers/)).toBeInTheDocument();
});

it('offers every command, and says why one cannot be given now', async () => {
  api(execution());
  open('/executions/execution-1');
  const resume = await screen.findByRole('button', { name: 'Resume' });
  expect(resume).toHaveAttribute('aria-disabled', 'true');
  expect(resume).toHaveAccessibleDescription('Nothing is held.');
  expect(screen.getByRole('button', { name: 'Pause' })).toBeEnabled();
  expect(screen.getByRole('button', { name: 'Cancel' })).toBeEnabled();
});

it('pauses with a token of its own for each time', async () => {
  const state = api(execution());
  open('/executions/execution-1');
  await userEvent.click(await screen.findByRole('button', { name: 'Pause' }));
  await vi.waitFor(() => {
    expect(state.commands).toHaveLength(1);
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Pause' }));
  await vi.waitFor(() => {
    expect(state.commands).toHaveLength(2);
  });
  const tokens = state.commands.map(({ body }) => body.clientToken);
  expect(new Set(tokens).size).toBe(2);
});

it('shows the sentence of the server beside a command that it refuses', async () => {
  api(execution());
  const body = problem(409, 'NOT_ALLOWED_NOW', 'The last wave is launching.');
  server.use(
    http.post('/api/executions/*/pause', () => HttpResponse.json(body, { status: 409 })),
  );
  open('/executions/execution-1');
  await userEvent.click(await screen.findByRole('button', { name: 'Pause' }));
  expect(await screen.findByText('The last wave is launching.')).toBeInTheDocument();
});

it('resumes exactly the holds that are chosen, a failure only with a comment', async () => {
  const state = api(PAUSED);
  open('/executions/execution-1');
  await userEvent.click(await screen.findByRole('button', { name: 'Resume' }));
  const dialog = within(screen.getByRole('dialog'));
  await userEvent.click(dialog.getByRole('button', { name: 'Resume' }));
  expect(dialog.getByText('Choose at least one.')).toBeInTheDocument();
  await userEvent.click(dialog.getByRole('checkbox', { name: /Failure at Databases/ }));
  await userEvent.click(dialog.getByRole('button', { name: 'Resume' }));
  expect(dialog.getByText('Say why it goes on without.')).toBeInTheDocument();
  expect(state.commands).toEqual([]);
  await userEvent.type(dialog.getByRole('textbox', { name: 'Comment' }), ' Not needed today. ');
  await userEvent.click(dialog.getByRole('button', { name: 'Resume' }));
  await vi.waitFor(() => {
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });
  expect(state.commands).toEqual([
    {
      command: 'resume',
      body: {
        clientToken: expect.any(String) as string,
        holdIds: ['hold-2'],
        comment: 'Not needed today.',
      },
    },
  ]);
});

it('cancels only after a second thought, and stays open when that is refused', async () => {
  const state = api(execution());
  open('/executions/execution-1');
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  const dialog = within(screen.getByRole('dialog'));
  expect(state.commands).toEqual([]);
  const body = problem(409, 'NOT_ALLOWED_NOW', 'It has just ended.');
  server.use(
    http.post('/api/executions/*/cancel', () => HttpResponse.json(body, { status: 409 })),
  );
  await userEvent.click(dialog.getByRole('button', { name: 'Cancel execution' }));
  expect(await dialog.findByText('It has just ended.')).toBeInTheDocument();
});

it('follows the execution while it moves, and rests when it has ended', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const state = api(execution());
  open('/executions/execution-1');
  await screen.findAllByText('Running');
  state.now = execution({ status: 'COMPLETED', waitingFor: [], endedAt: STARTED_AT });
  await act(() => vi.advanceTimersByTimeAsync(3_000));
  expect((await screen.findAllByText('Completed'))[0]).toBeInTheDocument();
  const looks = state.looks;
  await act(() => vi.advanceTimersByTimeAsync(120_000));
  expect(state.looks).toBe(looks);
});

it('keeps showing what it knows, with its age, while the server cannot be asked', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  api(execution());
  open('/executions/execution-1');
  await screen.findAllByText('Running');
  const body = problem(503, 'UNAVAILABLE', 'The table cannot be read now.');
  server.use(
    http.get('/api/executions/execution-1', () => HttpResponse.json(body, { status: 503 })),
  );
  await act(() => vi.advanceTimersByTimeAsync(20_000));
  expect(screen.getByText('This is not up to date')).toBeInTheDocument();
  expect(screen.getByText(/The table cannot be read now/)).toHaveTextContent(/2\d seconds ago/);
  expect(screen.getAllByText('Running')[0]).toBeInTheDocument();
  api(execution({ status: 'STOPPING' }));
  await act(() => vi.advanceTimersByTimeAsync(10_000));
  expect((await screen.findAllByText('Stopping'))[0]).toBeInTheDocument();
  expect(screen.queryByText('This is not up to date')).not.toBeInTheDocument();
});

it('says that DRS itself cannot be observed', async () => {
  api(execution({ observation: 'FAILING', observationError: 'Access denied.' }));
  open('/executions/execution-1');
  expect(await screen.findByText('DRS cannot be observed')).toBeInTheDocument();
  expect(screen.getByText(/Access denied\./)).toBeInTheDocument();
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
