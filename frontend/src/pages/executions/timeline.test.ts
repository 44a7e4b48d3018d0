import { expect, it } from 'vitest';

import type { ExecutionPhases, Hold } from '../../api/types';
import { execution, serverId, sourceServer, wave } from '../../test/fixtures';
import { timelineOf, type Segment } from './timeline';

const T0 = Date.parse('2026-11-23T10:00:00Z');
const at = (seconds: number) => new Date(T0 + seconds * 1_000).toISOString();
const end = (seconds: number | null) => (seconds === null ? null : at(seconds));

const go = (from: number, to: number | null, failed = false) => ({
  startedAt: at(from),
  endedAt: end(to),
  failed,
});
const hold = (type: Hold['type'], waveKey: string | null, from: number, to: number | null) => ({
  holdId: `${type.toLowerCase()}-${from.toString()}`,
  type,
  waveKey,
  startedAt: at(from),
  endedAt: end(to),
});
const told = (
  goes: ReturnType<typeof go>[],
  holds: ReturnType<typeof hold>[],
  moments: ExecutionPhases['waves'][number]['moments'] = [],
): ExecutionPhases => ({ waves: [{ waveKey: 'db', goes, moments }], holds });

const bar = (kind: Segment['kind'], from: number, to: number, members: Partial<Segment> = {}) => ({
  kind,
  from: T0 + from * 1_000,
  to: T0 + to * 1_000,
  isOpen: false,
  isFailed: false,
  ...members,
});

const RUN = execution({
  startedAt: at(0),
  waves: [
    wave('db', {
      status: 'LAUNCHING',
      startedAt: at(10),
      servers: [sourceServer(1, { status: 'LAUNCHING' }), sourceServer(2, { status: 'FAILED' })],
    }),
  ],
});
const NOW = T0 + 99_000;
const rowsOf = (phases: ExecutionPhases) => timelineOf(RUN, phases, undefined, NOW).rows;

it('shows a gate before the first go at its wave', () => {
  const [row] = rowsOf(told([go(40, null)], [hold('GATE', 'db', 0, 40)]));
  expect(row?.segments).toEqual([bar('WAVE', 40, 99, { isOpen: true }), bar('HOLD', 0, 40)]);
});

it('shows the wait of a failure between two goes at a wave, of which the first has failed', () => {
  const goes = [go(0, 20, true), go(50, 60)];
  const [row] = rowsOf(told(goes, [hold('FAILURE', 'db', 20, 50)]));
  expect(row?.segments).toEqual([
    bar('WAVE', 0, 20, { isFailed: true }),
    bar('WAVE', 50, 60),
    bar('HOLD', 20, 50),
  ]);
});

it('shows a failure that nobody has decided about as a bar that goes on', () => {
  const [row] = rowsOf(told([go(0, 20, true)], [hold('FAILURE', 'db', 20, null)]));
  expect(row?.segments).toContainEqual(bar('HOLD', 20, 99, { isOpen: true }));
});

it('shows a launch in doubt within the go at its wave, until it was resolved', () => {
  const [row] = rowsOf(told([go(0, 90)], [hold('UNDECIDED', 'db', 30, 70)]));
  expect(row?.segments).toEqual([bar('WAVE', 0, 90), bar('HOLD', 30, 70)]);
});

it('shows a pause in a row of the whole, and no such row where nobody has paused', () => {
  const rows = rowsOf(told([go(0, 90)], [hold('MANUAL', null, 30, 70)]));
  expect(rows.map(({ label }) => label)).toEqual(['The whole execution', 'Wave db']);
  expect(rows[0]?.segments).toEqual([bar('HOLD', 30, 70)]);
  expect(rowsOf(told([go(0, 90)], []))).toHaveLength(1);
});

it('draws no bar of what has lasted no time', () => {
  const [row] = rowsOf(told([go(0, 20)], [hold('FAILURE', 'db', 20, 20)]));
  expect(row?.segments).toEqual([bar('WAVE', 0, 20)]);
});

it('counts the servers of a wave from one moment to the next', () => {
  const none = { cleanup: 0, snapshot: 0, conversion: 0, launch: 0 };
  const moments = [
    { ...none, at: at(1), snapshot: 2 },
    { ...none, at: at(5), snapshot: 1, launch: 1 },
    { ...none, at: at(9) },
  ];
  const [row] = rowsOf(told([go(0, 20)], [], moments));
  expect(row?.mixtures).toEqual([
    { from: T0 + 1_000, to: T0 + 5_000, counts: [{ phase: 'SNAPSHOT', count: 2 }] },
    {
      from: T0 + 5_000,
      to: T0 + 9_000,
      counts: [
        { phase: 'SNAPSHOT', count: 1 },
        { phase: 'LAUNCH', count: 1 },
      ],
    },
  ]);
});

it('opens a wave into the servers of the page that is shown', () => {
  const phases = [
    { ...go(1, 5), phase: 'SNAPSHOT' as const },
    { ...go(5, null), phase: 'CONVERSION' as const },
  ];
  const opened = { waveKey: 'db', servers: [{ sourceServerId: serverId(1), phases }] };
  const { rows } = timelineOf(RUN, told([go(0, null)], []), opened, NOW);
  expect(rows).toHaveLength(2);
  expect(rows[1]?.segments).toEqual([
    bar('SNAPSHOT', 1, 5),
    bar('CONVERSION', 5, 99, { isOpen: true }),
  ]);
});

it('marks a server that DRS never took where its wave ended, not at the beginning', () => {
  const failed = sourceServer(1, { status: 'FAILED', error: 'DRS refused it' });
  const waves = [wave('db', { status: 'FAILED', startedAt: at(0), endedAt: at(90), servers: [failed] })];
  const opened = { waveKey: 'db', servers: [{ sourceServerId: serverId(1), phases: [] }] };
  const ended = execution({ startedAt: at(0), waves });
  const { rows } = timelineOf(ended, told([go(0, 90)], []), opened, NOW);
  expect(rows[1]?.trouble?.at).toBe(T0 + 90_000);
});

it('ends where the execution ended', () => {
  const ended = { ...RUN, endedAt: at(30), waves: [] };
  expect(timelineOf(ended, told([], []), undefined, NOW).to).toBe(T0 + 30_000);
});
