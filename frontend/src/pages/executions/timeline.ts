/** When each wave and each server did what: bars over a common time. */
import { capitalised } from '../../api/error';
import type { Execution, ExecutionPhases, Server, ServerPhases, Wave } from '../../api/types';
import { withoutMarks } from '../../lib/marks';
import { nameOf } from '../../lib/server-name';
import { visible } from '../../lib/shown';
import { timeline as words } from '../../text/executions';
import { SERVER_STATUS, WAVE_STATUS, type Sign } from '../../text/status-words';

export type Phase = 'CLEANUP' | 'SNAPSHOT' | 'CONVERSION' | 'LAUNCH';
export type SegmentKind = 'WAVE' | 'HOLD' | Phase;
export type Segment = {
  kind: SegmentKind;
  from: number;
  to: number;
  isOpen: boolean;
  /** Whether it ended in a failure. */
  isFailed: boolean;
};

/** How many servers of a wave were in which phase, for how long. */
export type Mixture = { from: number; to: number; counts: { phase: Phase; count: number }[] };

/** What went wrong, as a sign and in words, why where that is known, and by when it was over. */
export type Trouble = { sign: Sign; reason: string | null; at: number };

export type TimelineRow = {
  id: string;
  /** A name that can be seen, which servers may share. */
  label: string;
  /** The server, where it is one. */
  server: Server | undefined;
  segments: Segment[];
  /** Of a wave: its servers by their phases. */
  mixtures: Mixture[];
  /** How many servers it has, where it is a wave. */
  serverCount: number;
  /** Nothing where all is well so far. */
  trouble: Trouble | undefined;
};
export type Timeline = { from: number; to: number; rows: TimelineRow[] };

/** The wave that is opened into its servers, with those of the page that is shown. */
export type Opened = { waveKey: string; servers: readonly ServerPhases[] };

/** Everything that has begun, up to `now`; a bar that has no end yet reaches it. */
export function timelineOf(
  execution: Execution,
  phases: ExecutionPhases,
  opened: Opened | undefined,
  now: number,
): Timeline {
  const rows = [
    ...wholeRow(phases, now),
    ...execution.waves.flatMap((wave) => [
      waveRow(wave, phases, now),
      ...(opened?.waveKey === wave.key ? serverRows(wave, opened.servers, now) : []),
    ]),
  ];
  const times = rows.flatMap(({ segments }) => segments.flatMap(({ from, to }) => [from, to]));
  const begin = execution.startedAt === null ? now : Date.parse(execution.startedAt);
  const end = execution.endedAt === null ? now : Date.parse(execution.endedAt);
  return { from: Math.min(begin, ...times), to: Math.max(end, ...times), rows };
}

/** What has held the whole: a pause. Where there was none, it has no row. */
function wholeRow({ holds }: ExecutionPhases, now: number): TimelineRow[] {
  const segments = holds
    .filter(({ waveKey }) => waveKey === null)
    .flatMap((hold) => segmentOf('HOLD', { ...hold, failed: false }, now));
  return segments.length === 0
    ? []
    : [
        {
          id: 'whole',
          label: words.whole,
          server: undefined,
          segments,
          mixtures: [],
          serverCount: 0,
          trouble: undefined,
        },
      ];
}

function waveRow(wave: Wave, { waves, holds }: ExecutionPhases, now: number): TimelineRow {
  const told = waves.find(({ waveKey }) => waveKey === wave.key);
  const goes = (told?.goes ?? []).flatMap((go) => segmentOf('WAVE', go, now));
  const waits = holds
    .filter(({ waveKey }) => waveKey === wave.key)
    .flatMap((hold) => segmentOf('HOLD', { ...hold, failed: false }, now));
  const segments = [...goes, ...waits];
  const end = wave.endedAt === null ? now : Date.parse(wave.endedAt);
  return {
    id: `wave ${wave.key}`,
    label: visible(wave.name),
    server: undefined,
    segments,
    mixtures: mixturesOf(told?.moments ?? [], now),
    serverCount: wave.servers.length,
    trouble: troubleOf(WAVE_STATUS[wave.status], wave.statusReason, lastOf(segments) ?? end),
  };
}

type Moment = ExecutionPhases['waves'][number]['moments'][number];

/** Each count holds until the next one; the last one until now. */
function mixturesOf(moments: readonly Moment[], now: number): Mixture[] {
  return moments.flatMap((moment, index) => {
    const next = moments[index + 1];
    const counts = [
      { phase: 'CLEANUP' as const, count: moment.cleanup },
      { phase: 'SNAPSHOT' as const, count: moment.snapshot },
      { phase: 'CONVERSION' as const, count: moment.conversion },
      { phase: 'LAUNCH' as const, count: moment.launch },
    ].filter(({ count }) => count > 0);
    const to = next === undefined ? now : Date.parse(next.at);
    return counts.length === 0 ? [] : [{ from: Date.parse(moment.at), to, counts }];
  });
}

function serverRows(wave: Wave, servers: readonly ServerPhases[], now: number): TimelineRow[] {
  const known = new Map(wave.servers.map((server) => [server.sourceServerId, server]));
  const end = wave.endedAt === null ? now : Date.parse(wave.endedAt);
  return servers.flatMap(({ sourceServerId, phases }) => {
    const server = known.get(sourceServerId);
    if (server === undefined) {
      return [];
    }
    const segments = phases.flatMap((span) => segmentOf(span.phase, span, now));
    const row: TimelineRow = {
      id: `${wave.key} ${sourceServerId}`,
      label: nameOf(server),
      server,
      segments,
      mixtures: [],
      serverCount: 0,
      // Of one that DRS never took the log has no bar.
      trouble: troubleOf(SERVER_STATUS[server.status], server.error, lastOf(segments) ?? end),
    };
    return [row];
  });
}

type Span = { startedAt: string; endedAt: string | null; failed: boolean };

/** What has lasted no time is no bar; what still lasts is one. */
function segmentOf(kind: SegmentKind, { startedAt, endedAt, failed }: Span, now: number): Segment[] {
  const from = Date.parse(startedAt);
  const isOpen = endedAt === null;
  const to = isOpen ? Math.max(now, from) : Date.parse(endedAt);
  return isOpen || to > from ? [{ kind, from, to, isOpen, isFailed: failed }] : [];
}

/** When the last bar ends. */
function lastOf(segments: readonly Segment[]): number | undefined {
  return segments.length === 0 ? undefined : Math.max(...segments.map(({ to }) => to));
}

function isTrouble({ type }: Sign): boolean {
  return type === 'error' || type === 'warning';
}

/** A wave that is paused waits for a person, of which its own bar tells. */
function troubleOf(sign: Sign, reason: string | null, at: number): Trouble | undefined {
  return isTrouble(sign) && sign !== WAVE_STATUS.PAUSED
    ? { sign, reason: reason === null ? null : withoutMarks(capitalised(reason)), at }
    : undefined;
}
