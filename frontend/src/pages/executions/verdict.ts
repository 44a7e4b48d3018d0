/** What is happening, what comes next and who must act: the first things that a person asks. */
import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';

import type { Execution, Hold, WaitingFor } from '../../api/types';
import { isEnded } from '../../text/status-words';
import { shown } from '../../lib/shown';
import { absoluteTime } from '../../lib/time';
import { verdict as words } from '../../text/verdict';
import { countOf } from './count-of';
import { endedVerdict } from './ended-verdict';
import { waveName } from './wave-names';

export type Verdict = {
  type: StatusIndicatorProps.Type;
  headline: string;
  next: string;
  who: string;
};

/** A verdict on what was seen; while DRS is not seen, that it is not known. */
export function verdictOf(execution: Execution): Verdict {
  const seen = isEnded(execution.status) ? endedVerdict(execution) : liveVerdict(execution);
  const isDriven = !isEnded(execution.status) || execution.cleanUp.status === 'RUNNING';
  if (execution.observation === 'CURRENT' || !isDriven) {
    return seen;
  }
  const { observedAt } = execution;
  return {
    type: execution.observation === 'FAILING' ? 'error' : 'warning',
    headline: [
      observedAt === null ? words.notKnownEver : words.notKnown(absoluteTime(observedAt)),
      ...unseenWhy(execution),
    ].join(': '),
    next: isDenied(execution) ? words.next.retriesItself : words.lastKnown(seen.headline),
    who: unseenWho(execution),
  };
}

function isDenied({ waitingFor }: Execution): boolean {
  return waitingFor.some(({ type }) => type === 'ACCESS_DENIED');
}

function unseenWhy(execution: Execution): string[] {
  if (isDenied(execution)) {
    return [words.notKnownDenied];
  }
  return execution.observation === 'FAILING' && execution.observedAt !== null
    ? [words.notKnownFailing]
    : [];
}

/** What a person can do so that DRS is seen again. */
function unseenWho(execution: Execution): string {
  const { observation } = execution;
  if (isDenied(execution)) {
    return words.who.permissions;
  }
  return observation === 'FAILING' ? words.failingWho : words.staleWho;
}

function liveVerdict(execution: Execution): Verdict {
  const inFlight = countOf(execution, ['LAUNCHING', 'RECONCILING']);
  switch (execution.status) {
    case 'PENDING':
      return working('pending', words.starting, words.next.first, words.who.nobodyProduct);
    case 'PAUSING':
      return working(
        'in-progress',
        words.pausing(inFlight),
        words.next.pausedAfter,
        words.who.nobody,
      );
    case 'PAUSED':
      return heldVerdict(execution);
    case 'STOPPING':
      return working('warning', words.stopping(inFlight), words.next.endsFailed(inFlight), words.who.nobody);
    case 'CANCELLING':
      return working(
        'warning',
        words.cancelling(inFlight),
        words.next.endsCancelled(inFlight),
        words.who.nobody,
      );
    case 'RUNNING':
    case 'COMPLETED':
    case 'PARTIAL':
    case 'FAILED':
    case 'CANCELLED':
    case 'TIMED_OUT':
      return runningVerdict(execution);
  }
}

function working(
  type: StatusIndicatorProps.Type,
  headline: string,
  next: string,
  who: string,
): Verdict {
  return { type, headline, next, who };
}

/** Something moves or tries to; a branch may be held at the same time. */
function runningVerdict(execution: Execution): Verdict {
  const base = obstacleVerdict(execution) ?? launchingVerdict(execution);
  const { holds } = execution;
  if (holds.length === 0) {
    return base;
  }
  const decisions = whoDecides(execution);
  return {
    type: 'warning',
    headline: `${base.headline}; ${words.alsoHeld(shortHolds(execution))}`,
    next: words.next.othersGoOn,
    who: decisions,
  };
}

/** The worst thing in the way, if nothing launches, or something that only a person can mend. */
function obstacleVerdict(execution: Execution): Verdict | undefined {
  const waits = (type: WaitingFor['type']) =>
    execution.waitingFor.some((item) => item.type === type);
  const { retriesItself } = words.next;
  if (waits('ACCESS_DENIED')) {
    return working('error', words.denied, retriesItself, words.who.permissions);
  }
  if (waits('DRS_UNAVAILABLE')) {
    return working('warning', words.unavailable, retriesItself, words.who.nobodyProduct);
  }
  if (waits('DRS_REFUSED')) {
    return working('warning', words.refused, retriesItself, words.who.nobodyProduct);
  }
  if (waits('RECONCILING')) {
    return working('warning', words.reconciling, words.next.looksAgain, words.who.nobodyProduct);
  }
  if (waits('DRS_JOB')) {
    return undefined;
  }
  if (waits('QUOTA')) {
    const queued = words.queued(countOf(execution, ['QUEUED']));
    return working('pending', queued, retriesItself, words.who.quota);
  }
  if (waits('SERVER_IN_JOB')) {
    return working('pending', words.inJob, retriesItself, words.who.quota);
  }
  return undefined;
}

function launchingVerdict(execution: Execution): Verdict {
  const active = execution.waves.filter((wave) => wave.status === 'LAUNCHING');
  const count = countOf(execution, ['LAUNCHING']);
  const headline =
    count === 0
      ? words.running
      : words.launching(count, active.map((wave) => shown(wave.name)).join(', '));
  return working('in-progress', headline, nextWaves(execution), words.who.nobody);
}

function nextWaves(execution: Execution): string {
  const pending = execution.waves.filter(({ status }) => status === 'PENDING');
  if (pending.length === 0) {
    return words.next.lastEnds;
  }
  return words.next.then(
    pending
      .map(({ name, pauseBefore }) => (pauseBefore ? words.next.thenGate(shown(name)) : shown(name)))
      .join(', '),
  );
}

function heldVerdict(execution: Execution): Verdict {
  const [only, ...others] = execution.holds;
  const headline =
    only === undefined
      ? words.paused
      : others.length > 0
        ? words.held(shortHolds(execution))
        : soleHold(execution, only);
  return {
    type: 'warning',
    headline,
    next: execution.holds.some(({ type }) => type === 'UNDECIDED')
      ? words.next.stillLookedAt
      : words.next.nothingMoves,
    who: whoDecides(execution),
  };
}

function soleHold(execution: Execution, hold: Hold): string {
  const wave = waveName(execution, hold.waveKey ?? '');
  switch (hold.type) {
    case 'GATE':
      return words.gate(wave);
    case 'FAILURE':
      return words.failure(wave);
    case 'UNDECIDED':
      return words.undecided(wave);
    case 'MANUAL':
      return words.paused;
  }
}

function shortHolds(execution: Execution): string {
  return execution.holds
    .map((hold) => {
      const wave = waveName(execution, hold.waveKey ?? '');
      switch (hold.type) {
        case 'GATE':
          return words.gateShort(wave);
        case 'FAILURE':
          return words.failureShort(wave);
        case 'UNDECIDED':
          return words.undecidedShort(wave);
        case 'MANUAL':
          return words.manualShort;
      }
    })
    .join(', ');
}

const DECISION: Record<Hold['type'], string> = {
  GATE: words.who.open,
  FAILURE: words.who.fail,
  MANUAL: words.who.manual,
  UNDECIDED: words.who.undecided,
};

function whoDecides(execution: Execution): string {
  const decisions = new Set(execution.holds.map((hold) => DECISION[hold.type]));
  const what = decisions.size === 0 ? words.who.manual : [...decisions].join('; ');
  return words.who.decide(words.who.operator[execution.kind], what);
}
