import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { expect, it, vi } from 'vitest';

import { execution, problem, serverId, sourceServer, wave } from '../../test/fixtures';
import { dialogOf, show, token } from '../../test/execution-page';
import { server } from '../../test/server';
import { SITUATIONS } from '../../test/situations';

it('offers every command, and says why one cannot be given now', async () => {
  show(execution());
  const resume = await screen.findByRole('button', { name: 'Resume' });
  expect(resume).toHaveAttribute('aria-disabled', 'true');
  expect(resume).toHaveAccessibleDescription('Nothing is held.');
  expect(screen.getByRole('button', { name: 'Terminate instances' })).toHaveAccessibleDescription(
    'The drill has not ended.',
  );
  expect(screen.getByRole('button', { name: 'Pause' })).toBeEnabled();
});

it('pauses with a token of its own for each time', async () => {
  const state = show(execution());
  const click = async (times: number) => {
    await userEvent.click(await screen.findByRole('button', { name: 'Pause' }));
    await vi.waitFor(() => {
      expect(state.commands).toHaveLength(times);
    });
  };
  await click(1);
  await click(2);
  expect(new Set(state.commands.map(({ body }) => body.clientToken)).size).toBe(2);
});

it('shows the sentence of the server beside a command that it refuses', async () => {
  show(execution());
  const body = problem(409, 'NOT_ALLOWED_NOW', 'The last wave is launching.');
  server.use(
    http.post('/api/executions/*/pause', () => HttpResponse.json(body, { status: 409 })),
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Pause' }));
  expect(await screen.findByText(/The last wave is launching\./)).toBeInTheDocument();
});

it('opens one of two gates from its own button, and leaves the other closed', async () => {
  const state = show(SITUATIONS['two-gates']);
  const dialog = await dialogOf('Open gate before Web', 'Resume execution');
  expect(dialog.getByRole('checkbox', { name: /Gate at Application/ })).not.toBeChecked();
  await userEvent.click(dialog.getByRole('button', { name: 'Resume' }));
  await vi.waitFor(() => {
    expect(state.commands).toEqual([
      { command: 'resume', body: { clientToken: token, holdIds: ['gate-2'] } },
    ]);
  });
});

it('passes over a failure only with a comment', async () => {
  const state = show(SITUATIONS['failure-hold']);
  const dialog = await dialogOf('Go on without them', 'Resume execution');
  await userEvent.click(dialog.getByRole('button', { name: 'Resume' }));
  expect(dialog.getByText('Say why.')).toBeInTheDocument();
  expect(dialog.getByRole('textbox', { name: 'Comment' })).toHaveFocus();
  expect(state.commands).toEqual([]);
  await userEvent.type(dialog.getByRole('textbox', { name: 'Comment' }), ' Not needed. ');
  await userEvent.click(dialog.getByRole('button', { name: 'Resume' }));
  await vi.waitFor(() => {
    expect(state.commands[0]?.body).toEqual({
      clientToken: token,
      holdIds: ['failure-1'],
      comment: 'Not needed.',
    });
  });
});

it('retries the failed and the terminated servers of a wave, and an unknown one only by name', async () => {
  const servers = [
    sourceServer(1, { status: 'FAILED', error: 'No capacity.' }),
    sourceServer(2, { status: 'UNKNOWN' }),
    sourceServer(3, { status: 'LAUNCHED' }),
    sourceServer(4, { status: 'TERMINATED', error: 'Ended by hand.', recoveryInstanceId: 'i-4' }),
  ];
  const failed = SITUATIONS['failure-hold'];
  const state = show({ ...failed, waves: [wave('db', { name: 'Databases', status: 'FAILED', servers })] });
  const dialog = await dialogOf('Retry failed servers', 'Retry servers');
  expect(dialog.getAllByRole('checkbox', { name: /^host-\d / })).toHaveLength(3);
  expect(dialog.getByRole('checkbox', { name: /host-2/ })).not.toBeChecked();
  await userEvent.click(dialog.getByRole('button', { name: 'Retry 2 servers' }));
  await vi.waitFor(() => {
    expect(state.commands).toEqual([
      {
        command: 'retry',
        body: { clientToken: token, waveKey: 'db', sourceServerIds: [serverId(1), serverId(4)] },
      },
    ]);
  });
});

it('skips a wave with a reason', async () => {
  const state = show(SITUATIONS['failure-hold']);
  const buttons = await screen.findAllByRole('button', { name: 'Skip wave' });
  await userEvent.click(buttons.at(-1) ?? document.body);
  const dialog = within(await screen.findByRole('dialog', { name: 'Skip a wave' }));
  expect(dialog.getByText(/The 1 server of the wave/)).toBeInTheDocument();
  await userEvent.click(dialog.getByRole('button', { name: 'Skip wave' }));
  expect(dialog.getByText('Say why.')).toBeInTheDocument();
  await userEvent.type(dialog.getByLabelText('Reason'), 'Too old.');
  await userEvent.click(dialog.getByRole('button', { name: 'Skip wave' }));
  await vi.waitFor(() => {
    expect(state.commands[0]?.body).toEqual({ clientToken: token, waveKey: 'db', reason: 'Too old.' });
  });
});

it('says how many servers in how many jobs still come up before it cancels', async () => {
  const state = show(SITUATIONS.launching);
  const dialog = await dialogOf('Cancel execution', 'Cancel execution');
  expect(dialog.getByText(/5 servers will not be launched/)).toBeInTheDocument();
  expect(dialog.getByText(/^4 servers in 1 DRS job will still come up/)).toBeInTheDocument();
  expect(state.commands).toEqual([]);
  const body = problem(409, 'NOT_ALLOWED_NOW', 'It has just ended.');
  server.use(
    http.post('/api/executions/*/cancel', () => HttpResponse.json(body, { status: 409 })),
  );
  await userEvent.click(dialog.getByRole('button', { name: 'Cancel execution' }));
  expect(await dialog.findByText(/It has just ended\./)).toBeInTheDocument();
});

it('gives up on exactly the servers of an undecided launch', async () => {
  const state = show(SITUATIONS.stuck);
  const dialog = await dialogOf('Give up and cancel', 'Cancel execution');
  await userEvent.click(dialog.getByRole('button', { name: 'Cancel execution' }));
  await vi.waitFor(() => {
    expect(state.commands[0]?.body.giveUpOn).toEqual([1, 2, 3, 4].map(serverId));
  });
});

it('says what became of a launch in doubt: its job, or why there is none', async () => {
  const state = show(SITUATIONS.stuck);
  const dialog = await dialogOf('Say what became of it', 'Say what became of a launch');
  await userEvent.click(dialog.getByRole('button', { name: 'Resolve' }));
  expect(dialog.getByText('Enter the id of the job.')).toBeInTheDocument();
  await userEvent.click(dialog.getByRole('radio', { name: /DRS has launched nothing/ }));
  await userEvent.click(dialog.getByRole('button', { name: 'Resolve' }));
  expect(dialog.getByText('Say why.')).toBeInTheDocument();
  await userEvent.type(dialog.getByLabelText('How it is known'), 'No job in the list.');
  await userEvent.click(dialog.getByRole('button', { name: 'Resolve' }));
  await vi.waitFor(() => {
    expect(state.commands).toEqual([
      {
        command: 'resolve',
        body: { clientToken: token, holdId: 'undecided-1', noJob: true, reason: 'No job in the list.' },
      },
    ]);
  });
});

it('lists what is terminated, and asks for the name of the plan', async () => {
  const state = show(SITUATIONS.cancelled);
  const dialog = await dialogOf('Terminate instances', 'Terminate instances');
  expect(dialog.getAllByRole('row')).toHaveLength(5);
  const confirm = dialog.getByRole('button', { name: 'Terminate 4 instances' });
  await userEvent.click(confirm);
  expect(dialog.getByText('This is not the name of the plan.')).toBeInTheDocument();
  await userEvent.type(dialog.getByLabelText(/Type the plan's name/), 'Shop');
  await userEvent.click(confirm);
  await vi.waitFor(() => {
    expect(state.commands).toEqual([
      { command: 'terminate-instances', body: { clientToken: token, confirm: 'Shop' } },
    ]);
  });
});
