import { expect, it } from 'vitest';

import type { ExecutionEvent, JobLogEntry } from '../../api/types';
import { execution, serverId, sourceServer, wave } from '../../test/fixtures';
import { timelineOf } from './timeline';

const T0 = Date.parse('2026-11-23T10:00:00Z');
const at = (seconds: number) => new Date(T0 + seconds * 1_000).toISOString();

const log = (seconds: number, event: string, number = 1): JobLogEntry => ({
  jobId: 'drsjob-1',
  at: at(seconds),
  event,
  sourceServerId: serverId(number),
  conversionServerId: null,
  targetInstanceId: null,
  error: null,
  attempt: null,
  attemptsMax: null,
});

const event = (seconds: number, code: string, waveKey: string): ExecutionEvent => ({
  number: seconds + 1,
  at: at(seconds),
  code,
  waveKey,
  detail: '',
  actor: null,
  hash: '',
  previousHash: '',
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

it('shows the phases of a server from the log of its job, in whatever order that comes', () => {
  const logs = [log(15, 'CONVERSION_START'), log(12, 'SNAPSHOT_START'), log(15, 'SNAPSHOT_END')];
  const { rows } = timelineOf(RUN, [], logs, T0 + 20_000);
  expect(rows[1]?.segments).toEqual([
    { kind: 'SNAPSHOT', from: T0 + 12_000, to: T0 + 15_000, isOpen: false, isFailed: false },
    { kind: 'CONVERSION', from: T0 + 15_000, to: T0 + 20_000, isOpen: true, isFailed: false },
  ]);
});

it('lets a phase that failed end, and one of a server that is done not go on for ever', () => {
  const logs = [log(11, 'CONVERSION_START', 2), log(13, 'CONVERSION_FAIL', 2), log(13, 'LAUNCH_START', 2)];
  const { rows } = timelineOf(RUN, [], logs, T0 + 20_000);
  expect(rows[2]?.segments).toEqual([
    { kind: 'CONVERSION', from: T0 + 11_000, to: T0 + 13_000, isOpen: false, isFailed: true },
  ]);
});

it('shows how long a wave waited for a person, and then launched', () => {
  const events = [event(2, 'HOLD_OPENED', 'db'), event(9, 'HOLD_CLOSED', 'db')];
  const { rows, from, to } = timelineOf(RUN, events, [], T0 + 20_000);
  expect(rows[0]?.segments).toEqual([
    { kind: 'WAVE', from: T0 + 10_000, to: T0 + 20_000, isOpen: true, isFailed: false },
    { kind: 'HOLD', from: T0 + 2_000, to: T0 + 9_000, isOpen: false, isFailed: false },
  ]);
  expect([from, to]).toEqual([T0, T0 + 20_000]);
});

it('shows that a failed wave waits for a person, until that person went on', () => {
  const failed = wave('db', { status: 'FAILED', startedAt: at(0), endedAt: at(5) });
  const events = [event(5, 'HOLD_OPENED', 'db'), event(5, 'WAVE_ENDED', 'db')];
  const hold = { holdId: 'failure-1', type: 'FAILURE', waveKey: 'db', since: at(5), detail: null } as const;
  const held = execution({ startedAt: at(0), waves: [failed], holds: [hold] });
  const open = { kind: 'HOLD', from: T0 + 5_000, to: T0 + 9_000, isOpen: true, isFailed: false };
  expect(timelineOf(held, events, [], T0 + 9_000).rows[0]?.segments).toContainEqual(open);

  const over = execution({ startedAt: at(0), waves: [failed] });
  const resumed = [...events, event(7, 'RESUMED', 'db')];
  const closed = { ...open, to: T0 + 7_000, isOpen: false };
  expect(timelineOf(over, resumed, [], T0 + 9_000).rows[0]?.segments).toContainEqual(closed);

  const cancelled = [...events, { ...event(8, 'CANCELLED', 'db'), waveKey: null }];
  const ended = { ...open, to: T0 + 8_000, isOpen: false };
  expect(timelineOf(over, cancelled, [], T0 + 9_000).rows[0]?.segments).toContainEqual(ended);
});

it('does not count the wait for a person as time of the wave, when it was tried again', () => {
  const retried = wave('db', { status: 'COMPLETED', startedAt: at(0), endedAt: at(60) });
  const events = [event(20, 'HOLD_OPENED', 'db'), event(20, 'WAVE_ENDED', 'db'), event(50, 'RETRIED', 'db')];
  const { rows } = timelineOf(execution({ startedAt: at(0), waves: [retried] }), events, [], T0 + 99_000);
  expect(rows[0]?.segments).toEqual([
    { kind: 'WAVE', from: T0, to: T0 + 20_000, isOpen: false, isFailed: true },
    { kind: 'WAVE', from: T0 + 50_000, to: T0 + 60_000, isOpen: false, isFailed: false },
    { kind: 'HOLD', from: T0 + 20_000, to: T0 + 50_000, isOpen: false, isFailed: false },
  ]);
});

it('marks a server that DRS never took where its wave ended, not at the beginning', () => {
  const failed = sourceServer(1, { status: 'FAILED', error: 'DRS refused it' });
  const waves = [wave('db', { status: 'FAILED', startedAt: at(0), endedAt: at(90), servers: [failed] })];
  const { rows } = timelineOf(execution({ startedAt: at(0), waves }), [], [], T0 + 120_000);
  expect(rows[1]?.trouble?.at).toBe(T0 + 90_000);
});

it('ends where the execution ended', () => {
  const ended = { ...RUN, endedAt: at(30), waves: [] };
  expect(timelineOf(ended, [], [], T0 + 99_000).to).toBe(T0 + 30_000);
});
