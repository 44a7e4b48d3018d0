import { expect, it } from 'vitest';

import { SITUATIONS } from '../../test/situations';
import { verdictOf } from './verdict';

const said = Object.entries(SITUATIONS).map(([name, execution]) => {
  const { type, headline, who } = verdictOf(execution);
  return [name, type, headline, who] as const;
});

const OPERATOR = /^Somebody who may run drills: /;

it.each<[keyof typeof SITUATIONS, string, RegExp, RegExp]>([
  ['pending', 'pending', /^About to start$/, /^Nobody/],
  ['launching', 'in-progress', /^Launching 4 servers \(Databases\)$/, /^Nobody\. DRS is at work/],
  ['queued', 'pending', /^4 servers queued: DRS has no room/, /^Nobody, unless it lasts/],
  ['gate', 'warning', /^Held at the gate before Application$/, OPERATOR],
  ['two-gates', 'warning', /^Held: gate before Application, gate before Web$/, OPERATOR],
  ['gate-and-launching', 'warning', /^Launching 2 servers \(Web\); gate before Application waits/, OPERATOR],
  ['failure-hold', 'warning', /^Held after a failure in Databases$/, /^Somebody who may run recoveries: launch/],
  ['pausing', 'in-progress', /^Pausing: 4 servers still launching$/, /^Nobody/],
  ['paused', 'warning', /^Paused by a person$/, OPERATOR],
  ['stale', 'warning', /^Not known since 23 Nov 2026/, /^Nobody yet/],
  ['denied', 'error', /^Not known since 23 Nov 2026.*: DRS denies access$/, /^Somebody who may change the permissions/],
  ['reconciling', 'warning', /^Finding out what became of a launch$/, /product is at work/],
  ['stuck', 'warning', /^Held: nobody knows whether DRS launched Databases$/, /give up on the servers/],
  ['cancelling', 'warning', /^Cancelling: nothing more starts, 4 servers followed/, /^Nobody/],
  ['stopping', 'warning', /^Stopping: nothing more starts, 2 servers followed/, /^Nobody/],
  ['completed', 'success', /^Completed: all 9 servers launched$/, /terminate the instances/],
  ['partial', 'warning', /^Ended in part: 8 of 9 servers launched$/, /terminate the instances/],
  ['failed', 'error', /^Failed: 3 of 9 servers launched$/, /terminate the instances/],
  ['failed-recovery', 'error', /^Failed: 3 of 9 servers launched$/, /^Somebody who may run recoveries: continue this recovery/],
  ['continued', 'stopped', /^Cancelled: 4 of 9 servers launched$/, /^Nobody/],
  ['timed-out', 'error', /^Timed out: 0 of 9 servers launched$/, /^Somebody who may run drills: look at DRS/],
  ['cancelled', 'stopped', /^Cancelled: 4 of 9 servers launched$/, /terminate the instances/],
  ['cleaning-up', 'in-progress', /Cleaning up: 2 of 9 instances gone$/, /^Nobody/],
  ['incomplete', 'error', /Clean-up incomplete: 1 instance not terminated$/, OPERATOR],
  ['cleaned-up', 'success', /Cleaned up: nothing is left$/, /^Nobody/],
])('%s is told as such', (name, type, headline, who) => {
  const verdict = verdictOf(SITUATIONS[name]);
  expect(verdict.type).toBe(type);
  expect(verdict.headline).toMatch(headline);
  expect(verdict.who).toMatch(who);
});

it('tells no two situations alike', () => {
  const headlines = said.map(([, , headline, who]) => `${headline} ${who}`);
  expect(new Set(headlines).size).toBe(headlines.length);
});

it('never says that an ended execution is not known, for it changes no more', () => {
  const execution = { ...SITUATIONS.completed, observation: 'STALE' as const };
  expect(verdictOf(execution).headline).toMatch(/^Completed/);
});

it('says of a stale view what was last known', () => {
  expect(verdictOf(SITUATIONS.stale).next).toBe(
    'DRS is looked at again and again by itself. Last known: Launching 4 servers (Databases).',
  );
});
