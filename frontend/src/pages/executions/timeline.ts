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

/** What went wrong, as a sign and in words, why where that is known, and by when it was over. */
export type Trouble = { sign: Sign; reason: string | null; at: number };

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
    waveRow(wave, events, execution, now),
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

function waveRow(
  wave: Wave,
  events: readonly ExecutionEvent[],
  { holds }: Execution,
  now: number,
): TimelineRow {
  const own = events.filter(
    ({ waveKey, code }) => waveKey === wave.key || (waveKey === null && ENDS_ALL.has(code)),
  );
  const isHeld = holds.some(({ waveKey }) => waveKey === wave.key);
  const waits = holdsOf(own, isHeld ? now : undefined);
  const end = endOf(wave, now);
  const segments = [...underWay(wave, own, waits, end), ...waits];
  return {
    id: `wave ${wave.key}`,
    label: visible(wave.name),
    server: undefined,
    segments,
    trouble: troubleOf(WAVE_STATUS[wave.status], wave.statusReason, lastOf(segments) ?? end),
  };
}

/** The time of a wave between its waits for a person: a retry begins a second part of it. */
function underWay(
  wave: Wave,
  events: readonly ExecutionEvent[],
  holds: readonly Segment[],
  end: number,
): Segment[] {
  if (wave.startedAt === null) {
    return [];
  }
  const failures = new Set(
    events.filter(({ code }) => code === 'WAVE_ENDED').map(({ at }) => Date.parse(at)),
  );
  const parts: Segment[] = [];
  let from = Date.parse(wave.startedAt);
  for (const hold of holds.filter((hold) => hold.to > from && hold.from < end)) {
    parts.push({ kind: 'WAVE', from, to: hold.from, isOpen: false, isFailed: failures.has(hold.from) });
    from = hold.to;
  }
  const isOpen = wave.endedAt === null;
  parts.push({ kind: 'WAVE', from, to: end, isOpen, isFailed: isTrouble(WAVE_STATUS[wave.status]) });
  return parts.filter((part) => part.to > part.from);
}

/** When the last bar ends. */
function lastOf(segments: readonly Segment[]): number | undefined {
  return segments.length === 0 ? undefined : Math.max(...segments.map(({ to }) => to));
}

function endOf(wave: Wave, now: number): number {
  return wave.endedAt === null ? now : Date.parse(wave.endedAt);
}

/** From each opened hold to the entry that ended it. */
function holdsOf(events: readonly ExecutionEvent[], now: number | undefined): Segment[] {
  const segments: Segment[] = [];
  let since: number | undefined;
  for (const { code, at } of events) {
    if (code === 'HOLD_OPENED') {
      since ??= Date.parse(at);
    } else if (since !== undefined && endsHold(code, Date.parse(at) > since)) {
      segments.push({ kind: 'HOLD', from: since, to: Date.parse(at), isOpen: false, isFailed: false });
      since = undefined;
    }
  }
  if (since !== undefined && now !== undefined) {
    segments.push({ kind: 'HOLD', from: since, to: now, isOpen: true, isFailed: false });
  }
  return segments;
}

/** What ends the holds of every wave. */
const ENDS_ALL = new Set(['CANCELLED', 'TAKEN_OVER', 'EXECUTION_ENDED']);
const ENDS_HOLD = new Set([
  ...ENDS_ALL,
  'HOLD_CLOSED',
  'RESUMED',
  'RETRIED',
  'SKIPPED',
  'RESOLVED',
  'JOB_ADOPTED',
  'LAUNCH_ABSENT',
  'WAVE_STARTED',
]);

/** The end of a wave that failed opens a hold in the same moment; a later one ends it. */
function endsHold(code: string, isLater: boolean): boolean {
  return ENDS_HOLD.has(code) || (code === 'WAVE_ENDED' && isLater);
}

function serverRow(
  wave: Wave,
  server: Server,
  entries: ReadonlyMap<string, readonly JobLogEntry[]>,
  now: number,
): TimelineRow {
  const isMoving = server.status === 'LAUNCHING';
  const segments = segmentsOf(entries.get(server.sourceServerId) ?? [], isMoving ? now : undefined);
  return {
    id: `${wave.key} ${server.sourceServerId}`,
    label: nameOf(server),
    server,
    segments,
    // Of one that DRS never took the log has no bar.
    trouble: troubleOf(SERVER_STATUS[server.status], server.error, lastOf(segments) ?? endOf(wave, now)),
  };
}

/** `SNAPSHOT_FAIL`, `LAUNCH_FAILED`: how DRS names the end of a phase that did not succeed. */
const FAILED = /_FAIL(?:ED)?$/;

function isTrouble({ type }: Sign): boolean {
  return type === 'error' || type === 'warning';
}

/** A wave that is paused waits for a person, of which its own bar tells. */
function troubleOf(sign: Sign, reason: string | null, at: number): Trouble | undefined {
  return isTrouble(sign) && sign !== WAVE_STATUS.PAUSED
    ? { sign, reason: reason === null ? null : withoutMarks(capitalised(reason)), at }
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
