/** Words about recoveries that take the place of drills, and continue other recoveries. */
import { byCount, orNone, plural } from '../lib/plural';
import { shown } from '../lib/shown';

export const takeOver = {
  continue: 'An earlier recovery of this plan',
  continueOne: (status: string) => `Continue the recovery that ended ${status}`,
  continueText: (kept: number, total: number) =>
    `${orNone(kept, 'Nothing that it launched is up', `${plural(kept, 'server')} that it launched ${byCount(kept, 'stays up as it is', 'stay up as they are')}`)}; ${orNone(total - kept, 'nothing else is left to launch', `the other ${(total - kept).toString()} ${byCount(total - kept, 'launches', 'launch')}`)}. Without this, everything is launched again.`,
  continueButton: (launched: number) => orNone(launched, 'Continue recovery', `Continue recovery: launch ${plural(launched, 'server')}`),
  look: 'Look at it',
  drills: (count: number) => orNone(count, '', byCount(count, 'A drill is in the way', `${count.toString()} drills are in the way`)),
  drillsText:
    'A recovery goes first: a drill that gives way starts nothing more and ends as cancelled; one that has ended and is being cleaned up stays as it ended. Its servers pass to the recovery at once; one that DRS is launching for the drill right now is launched again when that job has ended, and the instances of the drill are replaced. Unless they give way, the recovery is refused.',
  beingCleanedUp: (outcome: string) => `A drill that is being cleaned up (it ended ${outcome})`,
  giveWay: 'Drills that give way',
  giveWayOne: (plan: string) => `Take the place of the drill of ${shown(plan)}`,
  giveWayReason: 'Why the drill gives way',
  drillFacts: (status: string, by: string, shared: number) =>
    `${status}${orNone(shared, '', `, with ${plural(shared, 'server')} of this plan`)}, by ${shown(by)}, started`,
  continueCommand: 'Continue this recovery',
  continuesFact: 'Continues',
  earlier: 'an earlier recovery',
  continuedByFact: 'Continued by',
  later: 'a later recovery',
};
