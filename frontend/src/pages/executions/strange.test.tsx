/** The page of an execution whose servers have no names, equal names, and names that turn the text. */
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { expect, it, vi } from 'vitest';

import { capitalised } from '../../api/error';
import { dialogOf, openWave, show, token } from '../../test/execution-page';
import { execution, PHASES, serverId, sourceServer, wave } from '../../test/fixtures';
import { server } from '../../test/server';
import { FOUR_THOUSAND_FAILURES, HOSTNAMES, REASONS, STRANGE_CLEAN_UP, STRANGE_FAILURE, STRANGE_LAUNCH } from '../../test/strange';
import { failuresOf } from './failures';

const TWINS = [3, 4].map((number) => `WIN-8F3K2 (${serverId(number)})`);
const ALL_IDS = HOSTNAMES.map((_, index) => serverId(index + 1));

it('shows every server with its id, and none with a name alone or without any', async () => {
  show(STRANGE_FAILURE);
  const table = await screen.findByRole('grid', { name: 'Servers' });
  for (const id of ALL_IDS) {
    expect(within(table).getByText(id)).toBeInTheDocument();
  }
  expect(within(table).getByText('[U+202E]gro.live-bd').tagName).toBe('BDI');
  expect(document.querySelector('img[src="x"]')).toBeNull();
  expect(document.body.textContent).not.toContain('\u202e');
});

it('tells twins apart in the dialog that retries them', async () => {
  const state = show(STRANGE_FAILURE);
  const dialog = await dialogOf('Retry failed servers', 'Retry servers');
  for (const twin of TWINS) {
    expect(dialog.getByRole('checkbox', { name: twin })).toBeChecked();
  }
  for (const box of dialog.getAllByRole('checkbox', { checked: true })) {
    if (box.getAttribute('aria-label') !== TWINS[1]) {
      await userEvent.click(box);
    }
  }
  await userEvent.click(await dialog.findByRole('button', { name: 'Retry 1 server' }));
  await vi.waitFor(() => {
    expect(state.commands[0]?.body.sourceServerIds).toEqual([serverId(4)]);
  });
});

it('tells twins apart in the dialog that gives up on them', async () => {
  const state = show(STRANGE_LAUNCH);
  const dialog = await dialogOf('Cancel execution', 'Cancel execution');
  await userEvent.click(dialog.getByRole('checkbox', { name: TWINS[1] ?? '' }));
  await userEvent.click(dialog.getByRole('checkbox', { name: serverId(1) }));
  await userEvent.click(dialog.getByRole('button', { name: 'Cancel execution' }));
  await vi.waitFor(() => {
    expect(state.commands[0]).toEqual({
      command: 'cancel',
      body: { clientToken: token, giveUpOn: [serverId(4), serverId(1)] },
    });
  });
});

it('names every server in the dialog that terminates, and in the clean-up', async () => {
  show(STRANGE_CLEAN_UP);
  const cleanUp = await screen.findByRole('grid', { name: 'Instances' });
  const dialog = await dialogOf('Terminate instances', 'Terminate instances');
  for (const id of ALL_IDS) {
    expect(within(cleanUp).getByText(id)).toBeInTheDocument();
    expect(dialog.getByText(id)).toBeInTheDocument();
  }
});

it('takes the name of the plan in either form of its letters, and sends the one that it has', async () => {
  const state = show({ ...STRANGE_CLEAN_UP, recoveryPlanName: 'Caf\u00e9' });
  const dialog = await dialogOf('Terminate instances', 'Terminate instances');
  await userEvent.type(dialog.getByLabelText(/Type the plan's name/), ' Cafe\u0301 ');
  await userEvent.click(dialog.getByRole('button', { name: 'Terminate 10 instances' }));
  await vi.waitFor(() => {
    expect(state.commands[0]?.body).toEqual({ clientToken: token, confirm: 'Caf\u00e9' });
  });
});

it('tells twins apart in the timeline, as a picture and as a table', async () => {
  const launch = { phase: 'LAUNCH', startedAt: '2026-11-23T10:00:00Z', endedAt: '2026-11-23T10:01:00Z', failed: false };
  const items = HOSTNAMES.map((_, index) => ({ sourceServerId: serverId(index + 1), phases: [launch] }));
  server.use(
    http.get('/api/executions/execution-1/phases', () => HttpResponse.json(PHASES)),
    http.get('/api/executions/execution-1/server-phases', () => HttpResponse.json({ items })),
  );
  show(STRANGE_FAILURE);
  await userEvent.click(await screen.findByRole('tab', { name: 'Timeline' }));
  await openWave(STRANGE_FAILURE.waves[0]?.name ?? '');
  await screen.findByText(`${TWINS[0] ?? ''}: Launch, 1 min 0 s`);
  expect(screen.getByText(`${TWINS[1] ?? ''}: Launch, 1 min 0 s`)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('checkbox', { name: 'Show as a table' }));
  const table = within(await screen.findByRole('table', { name: 'Show as a table' }));
  for (const id of ALL_IDS) {
    expect(table.getByText(id)).toBeInTheDocument();
  }
});

it('tells equal reasons once, with how many servers they are of', () => {
  const failures = failuresOf(STRANGE_FAILURE.waves);
  expect(failures.map(({ reason }) => reason)).toEqual(
    expect.arrayContaining(REASONS.map((reason) => capitalised(reason))),
  );
  expect(failures.map(({ servers }) => servers.length)).toEqual([3, 3, 2, 2]);
});

it('tells why servers failed where nothing is held for it any more', async () => {
  show(
    execution({
      status: 'FAILED',
      waves: [wave('db', { servers: [sourceServer(1, { status: 'FAILED', error: 'No capacity.' })] })],
    }),
  );
  await screen.findByText('Why servers did not launch');
  expect(screen.getAllByText('No capacity.').length).toBeGreaterThan(1);
});

it('shows 4,000 failed servers a page at a time, and each of their two reasons once', async () => {
  const state = show(FOUR_THOUSAND_FAILURES);
  const table = await screen.findByRole('grid', { name: 'Servers' });
  expect(within(table).getAllByRole('row')).toHaveLength(26);
  const reasons = screen.getByText('3960 servers:').closest('ul');
  expect(reasons?.children).toHaveLength(2);
  expect(screen.getByText('40 jobs')).toBeInTheDocument();
  const dialog = await dialogOf('Retry failed servers', 'Retry servers');
  expect(dialog.getAllByRole('row')).toHaveLength(11);
  await userEvent.click(dialog.getByRole('button', { name: 'Retry 4000 servers' }));
  await vi.waitFor(() => {
    expect(state.commands[0]?.body.sourceServerIds).toHaveLength(4_000);
  });
});

it('takes three lines for a long reason until somebody asks for all of it', async () => {
  show(STRANGE_FAILURE);
  const table = await screen.findByRole('grid', { name: 'Servers' });
  const [button] = within(table).getAllByRole('button', { name: 'Show the whole text' });
  expect(button).toHaveAttribute('aria-expanded', 'false');
  const cell = button?.parentElement;
  expect(cell?.querySelector('.clamped-text')).toHaveTextContent('LAUNCH_FAILED: Unauthorized');
  await userEvent.click(button ?? document.body);
  expect(cell?.querySelector('.clamped-text')).toBeNull();
  expect(within(table).getByRole('button', { name: 'Show less' })).toHaveAttribute('aria-expanded', 'true');
});

it('reads the whole texts of an execution that came with short ones, when somebody asks', async () => {
  const short = sourceServer(1, { status: 'FAILED', error: 'LAUNCH_FAI…', hostname: 'databa…' });
  const whole = { ...short, error: 'LAUNCH_FAILED: no capacity', hostname: 'database-01', waveKey: 'db', cleanUpInstances: [] };
  const other = { ...sourceServer(2, { status: 'FAILED', error: 'Another.' }), waveKey: 'db', cleanUpInstances: [] };
  const asked: (string | null)[] = [];
  server.use(
    http.get('/api/executions/execution-1/servers', ({ request }) => {
      const token_ = new URL(request.url).searchParams.get('nextToken');
      asked.push(token_);
      return HttpResponse.json(token_ === null ? { items: [other], nextToken: 'more' } : { items: [whole] });
    }),
  );
  show(execution({ status: 'FAILED', shortened: true, waves: [wave('db', { servers: [short] })] }));
  await userEvent.click(await screen.findByRole('button', { name: 'Read the whole texts' }));
  expect((await screen.findAllByText('LAUNCH_FAILED: no capacity.')).length).toBeGreaterThan(0);
  expect(screen.getAllByText('database-01').length).toBeGreaterThan(0);
  expect(screen.queryByText('Long texts are shortened')).not.toBeInTheDocument();
  expect(asked).toEqual([null, 'more']);
});
