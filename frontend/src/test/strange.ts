/** A world whose texts are as strange as texts from outside can be, and one that is large. */
import type { Execution, Server, SourceServer } from '../api/types';
import { allowedActions, cleanUp, discovered, execution, group, plan, plannedWave, sourceServer, STARTED_AT, summary, wave } from './fixtures';

/** Blank, twice the same, HTML, turned around, from right to left, as long as can be, in Japanese. */
export const HOSTNAMES = [
  '',
  '  ',
  'WIN-8F3K2',
  'WIN-8F3K2',
  '<img src=x onerror=alert(1)>',
  '\u202egro.live-bd',
  '\u05e9\u05e8\u05ea-\u05e0\u05ea\u05d5\u05e0\u05d9\u05dd-7',
  'h'.repeat(255),
  '\u672c\u756a\u30c7\u30fc\u30bf\u30d9\u30fc\u30b9\u30b5\u30fc\u30d0\u30fc'.repeat(6),
  '\u200b\u3164',
] as const;

const LATER = '2026-11-23T10:12:00Z';
const WORD = 'W'.repeat(64);
const LONG_REASON = `LAUNCH_FAILED: ${'UnauthorizedOperation/EncodedAuthorizationFailureMessage'.repeat(8)}`.slice(0, 400);
const JAPANESE = '\u30dc\u30ea\u30e5\u30fc\u30e0\u306e\u5909\u63db\u306b\u5931\u6557\u3057\u307e\u3057\u305f\u3002'.repeat(7);
const TURNED = `\u202edetrever\u202c`;

/** What DRS says of a server that did not launch. */
export const REASONS = [LONG_REASON, JAPANESE, 'CONVERSION_FAIL: no boot volume', TURNED] as const;

const tags = Object.fromEntries(
  Array.from({ length: 12 }, (_, index) => {
    const number = index.toString().padStart(2, '0');
    return [`business-unit:cost-allocation/key-${number}`, `Stra\u00dfe der Einheit \u{1f691} ${number} ${'v'.repeat(40)}`];
  }),
);

export const STRANGE_SERVERS: SourceServer[] = HOSTNAMES.map((hostname, index) =>
  discovered(index + 1, { hostname, tags: index % 2 === 0 ? tags : { [WORD + WORD]: WORD }, lagSeconds: 1_800 + index }),
);

export const STRANGE_GROUP = group('Strange', {
  name: WORD,
  description: `${'d'.repeat(300)} ${JAPANESE}`,
  sourceServerIds: STRANGE_SERVERS.map(({ sourceServerId }) => sourceServerId),
  drillIsolation: { statement: `${'i'.repeat(200)} ${JAPANESE}`, confirmedBy: `${WORD}@example.com`, confirmedAt: STARTED_AT },
});
const HEBREW_GROUP = group('Hebrew', { name: '\u05e7\u05d1\u05d5\u05e6\u05ea \u05d2\u05d9\u05d1\u05d5\u05d9', sourceServerIds: [] });
export const STRANGE_GROUPS = [STRANGE_GROUP, HEBREW_GROUP];

export const STRANGE_PLAN = plan('Strange', {
  name: `${WORD.slice(2)}\u05d0`,
  description: `${'p'.repeat(300)} ${JAPANESE}`,
  waves: [
    plannedWave('db', { name: WORD, protectionGroupIds: ['group-strange', 'group-hebrew'], sourceServerIds: STRANGE_GROUP.sourceServerIds.slice(0, 8) }),
    plannedWave('app', { name: '\u05d2\u05dc \u05e9\u05e0\u05d9', protectionGroupIds: ['group-hebrew'], dependsOn: ['db'], pauseBefore: true }),
  ],
});

export const strangeServers = (members: (index: number) => Partial<Server>): Server[] =>
  HOSTNAMES.map((hostname, index) => sourceServer(index + 1, { hostname, ...members(index) }));

const failed = (index: number): Partial<Server> => ({
  status: index % 5 === 4 ? 'UNKNOWN' : 'FAILED',
  error: REASONS[index % REASONS.length] ?? null,
  warnings: ['USED_PREVIOUS_SNAPSHOT', `WARNING_${'A'.repeat(180)}`],
});

const STEM = {
  recoveryPlanName: STRANGE_PLAN.name,
  initiatedBy: `${WORD}@example.com`,
  reason: JAPANESE,
  warnings: [LONG_REASON],
  observedAt: LATER,
};

const JOB = { jobId: 'drsjob-1', status: 'COMPLETED', attempt: 1, startedAt: STARTED_AT, endedAt: LATER, logError: null } as const;

/** It waits for a person, since all that there is has failed. */
export const STRANGE_FAILURE: Execution = execution({
  ...STEM,
  status: 'PAUSED',
  waitingFor: [{ type: 'FAILURE', detail: LONG_REASON, since: LATER, jobId: null, waveKeys: ['db'] }],
  holds: [{ holdId: 'failure-1', type: 'FAILURE', waveKey: 'db', since: LATER, detail: JAPANESE }],
  waves: [
    wave('db', { name: WORD, status: 'FAILED', statusReason: LONG_REASON, startedAt: STARTED_AT, endedAt: LATER, jobs: [JOB], servers: strangeServers(failed) }),
    wave('app', { name: '\u05d2\u05dc \u05e9\u05e0\u05d9', dependsOn: ['db'], pauseBefore: true }),
  ],
  allowedActions: allowedActions({ retry: { allowed: true }, resume: { allowed: true } }),
});

/** All of it launches. */
export const STRANGE_LAUNCH: Execution = execution({
  ...STEM,
  waves: [wave('db', { name: WORD, status: 'LAUNCHING', startedAt: STARTED_AT, servers: strangeServers(() => ({ status: 'LAUNCHING', phase: 'CONVERSION', jobId: 'drsjob-1' })) })],
});

const instanceOf = (index: number) => `i-${(index + 1).toString().padStart(17, '0')}`;

/** It has ended, and its clean-up has met every obstacle. */
export const STRANGE_CLEAN_UP: Execution = execution({
  ...STEM,
  status: 'PARTIAL',
  endedAt: LATER,
  statusReason: JAPANESE,
  waitingFor: [],
  waves: [
    wave('db', {
      name: WORD,
      status: 'PARTIAL',
      startedAt: STARTED_AT,
      endedAt: LATER,
      servers: strangeServers((index) => ({ status: 'LAUNCHED', recoveryInstanceId: instanceOf(index) })),
    }),
  ],
  cleanUp: cleanUp({
    status: 'INCOMPLETE',
    initiatedBy: `${WORD}@example.com`,
    startedAt: LATER,
    endedAt: LATER,
    instances: HOSTNAMES.map((_, index) => ({
      recoveryInstanceId: instanceOf(index),
      sourceServerId: sourceServer(index + 1).sourceServerId,
      status: 'REFUSED',
      reason: REASONS[index % REASONS.length] ?? null,
    })),
  }),
  allowedActions: allowedActions({ terminateInstances: { allowed: true } }),
});

export const STRANGE_SUMMARIES = [
  summary({ executionId: 'execution-1', recoveryPlanName: STRANGE_PLAN.name, status: 'PAUSED', openHoldCount: 1, initiatedBy: `${WORD}@example.com` }),
  summary({ executionId: 'execution-2', recoveryPlanName: STRANGE_PLAN.name, status: 'FAILED', endedAt: LATER, statusReason: LONG_REASON }),
];

/** An account at its quota. */
export const FOUR_THOUSAND: SourceServer[] = Array.from({ length: 4_000 }, (_, index) =>
  discovered(index + 1, { hostname: `ip-10-${index.toString().padStart(5, '0')}.eu-central-1.compute.internal`, tags }),
);

/** Forty jobs of a hundred servers each, of which none has launched anything. */
export const FOUR_THOUSAND_FAILURES: Execution = execution({
  ...STEM,
  recoveryPlanName: 'Everything',
  warnings: [],
  status: 'PAUSED',
  waitingFor: [],
  holds: [{ holdId: 'failure-1', type: 'FAILURE', waveKey: 'all', since: LATER, detail: null }],
  waves: [
    wave('all', {
      name: 'All',
      status: 'FAILED',
      statusReason: '0 of 4000 servers launched',
      startedAt: STARTED_AT,
      endedAt: LATER,
      jobs: Array.from({ length: 40 }, (_, index) => ({ jobId: `drsjob-${index.toString().padStart(17, '0')}`, status: 'COMPLETED', attempt: 1, startedAt: STARTED_AT, endedAt: LATER, logError: null })),
      servers: FOUR_THOUSAND.map(({ hostname }, index) =>
        sourceServer(index + 1, { hostname, status: 'FAILED', error: index % 100 === 99 ? JAPANESE : LONG_REASON }),
      ),
    }),
  ],
  allowedActions: allowedActions({ retry: { allowed: true }, resume: { allowed: true } }),
});
