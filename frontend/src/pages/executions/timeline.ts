/** When each wave and each server did what: bars over a common time. */
import { capitalised } from '../../api/error';
import type { Execution, ExecutionEvent, JobLogEntry, Server, Wave } from '../../api/types';
import { nameOf } from '../../components/server-name';
import { SERVER_STATUS, WAVE_STATUS, type Sign } from '../../components/status-words';
import { withoutMarks } from '../../lib/marks';
import { visible } from '../../lib/shown';

export type SegmentKind = 'WAVE' | 'HOLD' | 'CLEANUP' | 'SNAPSHOT' | 'CONVERSION' | 'LAUNCH';
export type Segment = {
  kind: SegmentKind;
  from: number;
  to: number;
  isOpen: boolean;
  /** Whether it ended in a failure. */
  isFailed: boolean;
};

/** What went wrong, as a sign and in words, and why where that is known. */
export type Trouble = { sign: Sign; reason: string | null };

export type TimelineRow = {
  id: string;
  /** A name that can be seen, which servers may share. */
  label: string;
  /** The server, where it is one. */
  server: Server | undefined;
  segments: Segment[];
  /** Nothing where all is well so far. */
  trouble: Trouble | undefined;
};
export type Timeline = { from: number; to: number; rows: TimelineRow[] };

type Phase = Exclude<SegmentKind, 'WAVE' | 'HOLD'>;

const PHASES: readonly Phase[] = ['CLEANUP', 'SNAPSHOT', 'CONVERSION', 'LAUNCH'];

/** Everything that has begun, up to `now`; a bar that has no end yet reaches it. */
export function timelineOf(
  execution: Execution,
  events: readonly ExecutionEvent[],
  jobLogs: readonly JobLogEntry[],
  now: number,
): Timeline {
  const entries = byServer(jobLogs);
  const rows = execution.waves.flatMap((wave) => [
    waveRow(wave, events, now),
    ...wave.servers.map((server) => serverRow(wave, server, entries, now)),
  ]);
  const segments = rows.flatMap((row) => row.segments);
  // With thousands of servers there are more of them than a function takes arguments.
  const from = segments.reduce(
    (least, segment) => Math.min(least, segment.from),
    execution.startedAt === null ? now : Date.parse(execution.startedAt),
  );
  const to = segments.reduce(
    (most, segment) => Math.max(most, segment.to),
    execution.endedAt === null ? now : Date.parse(execution.endedAt),
  );
  return { from, to, rows };
}

function waveRow(wave: Wave, events: readonly ExecutionEvent[], now: number): TimelineRow {
  const own = events.filter((event) => event.waveKey === wave.key);
  const segments = holdsOf(own, wave.status === 'PAUSED' ? now : undefined);
  if (wave.startedAt !== null) {
    const end = wave.endedAt === null ? now : Date.parse(wave.endedAt);
    segments.push({
      kind: 'WAVE',
      from: Date.parse(wave.startedAt),
      to: end,
      isOpen: wave.endedAt === null,
      isFailed: isTrouble(WAVE_STATUS[wave.status]),
    });
  }
  return {
    id: `wave ${wave.key}`,
    label: visible(wave.name),
    server: undefined,
    segments,
    trouble: troubleOf(WAVE_STATUS[wave.status], wave.statusReason),
  };
}

/** From each opened hold to the entry that ended it. */
function holdsOf(events: readonly ExecutionEvent[], now: number | undefined): Segment[] {
  const segments: Segment[] = [];
  let since: number | undefined;
  for (const { code, at } of events) {
    if (code === 'HOLD_OPENED') {
      since ??= Date.parse(at);
    } else if (since !== undefined && ENDS_HOLD.has(code)) {
      segments.push({ kind: 'HOLD', from: since, to: Date.parse(at), isOpen: false, isFailed: false });
      since = undefined;
    }
  }
  if (since !== undefined && now !== undefined) {
    segments.push({ kind: 'HOLD', from: since, to: now, isOpen: true, isFailed: false });
  }
  return segments;
}

const ENDS_HOLD = new Set(['HOLD_CLOSED', 'WAVE_STARTED', 'SKIPPED', 'RETRIED', 'CANCELLED', 'WAVE_ENDED']);

function serverRow(
  wave: Wave,
  server: Server,
  entries: ReadonlyMap<string, readonly JobLogEntry[]>,
  now: number,
): TimelineRow {
  const isMoving = server.status === 'LAUNCHING';
  return {
    id: `${wave.key} ${server.sourceServerId}`,
    label: nameOf(server),
    server,
    segments: segmentsOf(entries.get(server.sourceServerId) ?? [], isMoving ? now : undefined),
    trouble: troubleOf(SERVER_STATUS[server.status], server.error),
  };
}

/** `SNAPSHOT_FAIL`, `LAUNCH_FAILED`: how DRS names the end of a phase that did not succeed. */
const FAILED = /_FAIL(?:ED)?$/;

function isTrouble({ type }: Sign): boolean {
  return type === 'error' || type === 'warning';
}

/** A wave that is paused waits for a person, of which its own bar tells. */
function troubleOf(sign: Sign, reason: string | null): Trouble | undefined {
  return isTrouble(sign) && sign !== WAVE_STATUS.PAUSED
    ? { sign, reason: reason === null ? null : withoutMarks(capitalised(reason)) }
    : undefined;
}

/** A start without an end lasts until now while the server launches, and else is left out. */
function segmentsOf(entries: readonly JobLogEntry[], now: number | undefined): Segment[] {
  const segments: Segment[] = [];
  const begun = new Map<SegmentKind, number>();
  for (const { at, event } of entries) {
    const kind = PHASES.find((phase) => event.startsWith(`${phase}_`));
    if (kind === undefined || at === null) {
      continue;
    }
    const from = begun.get(kind);
    if (event.endsWith('_START')) {
      begun.set(kind, Date.parse(at));
    } else if (from !== undefined) {
      segments.push({ kind, from, to: Date.parse(at), isOpen: false, isFailed: FAILED.test(event) });
      begun.delete(kind);
    }
  }
  if (now !== undefined) {
    for (const [kind, from] of begun) {
      segments.push({ kind, from, to: now, isOpen: true, isFailed: false });
    }
  }
  return segments;
}

function byServer(jobLogs: readonly JobLogEntry[]): Map<string, JobLogEntry[]> {
  const found = new Map<string, JobLogEntry[]>();
  for (const entry of jobLogs) {
    if (entry.sourceServerId !== null) {
      const own = found.get(entry.sourceServerId) ?? [];
      own.push(entry);
      found.set(entry.sourceServerId, own);
    }
  }
  for (const own of found.values()) {
    own.sort((one, other) => (one.at ?? '').localeCompare(other.at ?? ''));
  }
  return found;
}
