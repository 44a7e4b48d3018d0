/** Where an execution stands that has ended: how, and what is left of it. */
import type { Execution } from '../../api/types';
import { isContinuable } from '../../api/continuing';
import { EXECUTION_STATUS } from '../../text/status-words';
import { verdict as words } from '../../text/verdict';
import { hasLaunched, liveInstances } from './instances';
import { countOf } from './count-of';
import type { Verdict } from './verdict';

export function endedVerdict(execution: Execution): Verdict {
  const { cleanUp } = execution;
  const outcome = outcomeOf(execution);
  const total = cleanUp.instances.length;
  const gone = cleanUp.instances.filter(isGone).length;
  switch (cleanUp.status) {
    case 'NOT_STARTED':
      return { ...outcome, ...afterwards(execution) };
    case 'RUNNING':
      return {
        type: 'in-progress',
        headline: `${outcome.headline}. ${words.cleaningUp(gone, total)}`,
        next: words.next.cleanUpFollowed,
        who: words.who.nobody,
      };
    case 'DONE':
      return {
        type: outcome.type,
        headline: `${outcome.headline}. ${words.cleanedUp}`,
        next: words.next.nothingLeft,
        who: words.who.ended,
      };
    case 'INCOMPLETE':
      return {
        type: 'error',
        headline: `${outcome.headline}. ${words.cleanUpIncomplete(total - gone)}`,
        next: words.next.cleanUpStands,
        who: decides(execution, words.who.cleanUpAgain),
      };
    case 'COULD_NOT_VERIFY':
      return {
        type: 'warning',
        headline: `${outcome.headline}. ${words.cleanUpUnverified}`,
        next: words.next.cleanUpStands,
        who: decides(execution, words.who.cleanUpAgain),
      };
  }
}

/** What is true of an instance of which nothing is left, or which was never ours. */
function isGone({ status }: Execution['cleanUp']['instances'][number]): boolean {
  return status === 'TERMINATED' || status === 'ALREADY_GONE' || status === 'NOT_OURS';
}

function outcomeOf(execution: Execution): Pick<Verdict, 'type' | 'headline'> {
  const servers = execution.waves.flatMap((wave) => wave.servers);
  const total = servers.length;
  // A server that has been cleaned up since counts by its instance.
  const launched = servers.filter(hasLaunched).length;
  const { type } = EXECUTION_STATUS[execution.status];
  switch (execution.status) {
    case 'COMPLETED':
      return { type, headline: words.completed(total) };
    case 'FAILED':
      return { type, headline: words.failed(launched, total) };
    case 'CANCELLED':
      return { type, headline: words.cancelled(launched, total) };
    case 'TIMED_OUT':
      return { type, headline: words.timedOut(launched, total) };
    case 'PARTIAL':
    case 'PENDING':
    case 'RUNNING':
    case 'PAUSING':
    case 'PAUSED':
    case 'STOPPING':
    case 'CANCELLING':
      return { type, headline: words.partial(launched, total) };
  }
}

function afterwards(execution: Execution): Pick<Verdict, 'next' | 'who'> {
  if (execution.continuedBy !== null) {
    return { next: words.next.continued, who: words.who.ended };
  }
  const running = liveInstances(execution).length;
  const unknown = countOf(execution, ['UNKNOWN']);
  if (unknown > 0) {
    return { next: words.next.unknownLeft(unknown), who: decides(execution, words.who.unknown) };
  }
  if (execution.kind === 'RECOVERY' && isContinuable(execution.status)) {
    const next = words.next.canContinue(running);
    return { next, who: decides(execution, words.who.continueIt(running)) };
  }
  if (running === 0) {
    return { next: words.next.nothing, who: words.who.ended };
  }
  return execution.kind === 'DRILL'
    ? { next: words.next.instancesRun(running), who: decides(execution, words.who.cleanUp) }
    : { next: words.next.recoveryRuns(running), who: words.who.ended };
}

function decides(execution: Execution, what: string): string {
  return words.who.decide(words.who.operator[execution.kind], what);
}
