/** An API that answers from a plan of answers: the pictures need no stack. */
import type { Page } from '@playwright/test';

import {
  CONFIGURATION,
  counted,
  discovered,
  group,
  idToken,
  plan,
  plannedWave,
  serverId,
  STARTED_AT,
  statistics,
  summary,
} from '../../src/test/fixtures';
import { SITUATIONS } from '../../src/test/situations';

export type Answers = Record<string, unknown>;

const GROUPS = [
  group('Databases', {
    sourceServerIds: [1, 2, 3, 4].map(serverId),
    drillIsolation: {
      statement: 'Launch templates use the drill VPC, which has no route out.',
      confirmedBy: 'operator@example.com',
      confirmedAt: STARTED_AT,
    },
  }),
  group('Application', { sourceServerIds: [5, 6, 7].map(serverId) }),
  group('Web', { sourceServerIds: [8, 9].map(serverId), region: 'us-east-1' }),
];

const WAVES = [
  plannedWave('db', { name: 'Databases' }),
  plannedWave('app', {
    name: 'Application',
    protectionGroupIds: ['group-application'],
    dependsOn: ['db'],
    pauseBefore: true,
    need: { type: 'PERCENT', percent: 75 },
    onFailure: 'PAUSE',
  }),
  plannedWave('web', { name: 'Web', protectionGroupIds: ['group-web'], dependsOn: ['db'] }),
];

const DRILL_INSTANCE = {
  id: 'i-00000000000000002',
  ec2State: 'RUNNING',
  failbackState: null,
  jobId: 'drsjob-1',
  kind: 'DRILL' as const,
  privateIps: [],
  recoveryPointAt: STARTED_AT,
};

const SERVERS = Array.from({ length: 18 }, (_, index) =>
  discovered(index + 1, {
    hostname: `${index < 4 ? 'db' : index < 7 ? 'app' : 'web'}-${(index + 1).toString().padStart(2, '0')}`,
    lagSeconds: index === 2 ? 1_860 : 2,
    replicationState: index === 2 ? 'BACKLOG' : index === 16 ? 'DISCONNECTED' : 'CONTINUOUS',
    recoverability: index === 2 ? 'LAGGING' : index === 16 ? 'NOT_RECOVERABLE' : 'READY',
    protectionGroupId:
      GROUPS.find((item) => item.sourceServerIds.includes(serverId(index + 1)))?.protectionGroupId ?? null,
    recoveryInstance: index === 1 ? DRILL_INSTANCE : null,
    tags: { application: 'shop', tier: index < 4 ? 'db' : 'web' },
  }),
);

const day = (number: number) => `2026-11-${number.toString().padStart(2, '0')}T09:00:00Z`;
const EXECUTIONS = [
  summary({ executionId: 'execution-1', status: 'PAUSED', openHoldCount: 1, launchedServerCount: 6, serverCount: 9 }),
  summary({ executionId: 'execution-2', recoveryPlanName: 'Billing', recoveryPlanId: 'plan-billing', kind: 'RECOVERY', serverCount: 40, launchedServerCount: 12 }),
  ...(['COMPLETED', 'FAILED', 'PARTIAL', 'CANCELLED', 'TIMED_OUT', 'COMPLETED', 'COMPLETED'] as const).map((status, index) =>
    summary({
      executionId: `execution-${(index + 3).toString()}`,
      status,
      startedAt: day(20 - 2 * index),
      endedAt: day(20 - 2 * index).replace('09:00', '09:24'),
      serverCount: 9,
      launchedServerCount: status === 'COMPLETED' ? 9 : 5,
      statusReason: status === 'COMPLETED' ? null : 'wave `app` failed: nothing more was started',
    }),
  ),
];

const log = (seconds: number, event: string, number: number | null) => ({
  jobId: 'drsjob-1',
  at: new Date(Date.parse(STARTED_AT) + seconds * 1_000).toISOString(),
  event,
  sourceServerId: number === null ? null : serverId(number),
  conversionServerId: event.startsWith('CONVERSION') ? 'i-0c' : null,
  targetInstanceId: null,
  error: null,
  attempt: null,
  attemptsMax: null,
});
const JOB_LOGS = [
  log(5, 'JOB_START', null),
  ...[1, 2, 3, 4].flatMap((number) => [
    log(6 + number, 'SNAPSHOT_START', number),
    log(120 + 20 * number, 'SNAPSHOT_END', number),
    log(120 + 20 * number, 'CONVERSION_START', number),
    log(480 + 30 * number, 'CONVERSION_END', number),
    log(480 + 30 * number, 'LAUNCH_START', number),
    log(660 + 10 * number, 'LAUNCH_END', number),
  ]),
  log(720, 'JOB_END', null),
];
const event = (number: number, seconds: number, code: string, waveKey: string | null, detail: string) => ({
  number,
  at: new Date(Date.parse(STARTED_AT) + seconds * 1_000).toISOString(),
  code,
  waveKey,
  detail,
  actor: number === 1 ? 'operator@example.com' : null,
  hash: '',
  previousHash: '',
});
const EVENTS = [
  event(1, 0, 'EXECUTION_CREATED', null, 'drill of plan Shop (version 3) with 9 servers in 3 waves'),
  event(2, 0, 'EXECUTION_STARTED', null, 'the execution started'),
  event(3, 0, 'WAVE_STARTED', 'db', 'wave `db` started with 4 servers'),
  event(4, 5, 'JOB_STARTED', 'db', 'DRS started job drsjob-1 (attempt 1)'),
  event(5, 720, 'WAVE_ENDED', 'db', 'wave `db` ended Completed: 4 of 4 servers launched'),
  event(6, 720, 'HOLD_OPENED', 'app', 'wave `app` waits at its gate (hold gate-1)'),
];

const later = (seconds: number) => new Date(Date.parse(STARTED_AT) + seconds * 1_000).toISOString();
const span = (from: number, to: number | null) => ({
  startedAt: later(from),
  endedAt: to === null ? null : later(to),
});
const go = (from: number, to: number | null, failed = false) => ({ ...span(from, to), failed });
const moment = (at: number, snapshot: number, conversion: number, launch: number) => ({
  at: later(at),
  cleanup: 0,
  snapshot,
  conversion,
  launch,
});
const MOMENTS = [
  moment(7, 4, 0, 0),
  moment(140, 3, 1, 0),
  moment(180, 1, 3, 0),
  moment(200, 0, 4, 0),
  moment(510, 0, 3, 1),
  moment(600, 0, 0, 4),
  moment(670, 0, 0, 2),
  moment(700, 0, 0, 0),
];
/** Each kind of hold: a retried failure, a pause, a launch in doubt that was resolved, a gate. */
const PHASES = {
  waves: [
    { waveKey: 'db', goes: [go(0, 300, true), go(380, 720)], moments: MOMENTS },
    { waveKey: 'app', goes: [go(780, null)], moments: [moment(790, 2, 0, 0)] },
  ],
  holds: [
    { holdId: 'failure-1', type: 'FAILURE', waveKey: 'db', ...span(300, 380) },
    { holdId: 'manual-2', type: 'MANUAL', waveKey: null, ...span(120, 200) },
    { holdId: 'undecided-3', type: 'UNDECIDED', waveKey: 'db', ...span(430, 480) },
    { holdId: 'gate-4', type: 'GATE', waveKey: 'app', ...span(720, 780) },
    { holdId: 'gate-5', type: 'GATE', waveKey: 'web', ...span(800, null) },
  ],
};
const SERVER_PHASES = {
  items: [1, 2, 3, 4].map((number) => ({
    sourceServerId: serverId(number),
    phases: [
      { phase: 'SNAPSHOT', ...go(6 + number, 120 + 20 * number) },
      { phase: 'CONVERSION', ...go(120 + 20 * number, 480 + 30 * number) },
      { phase: 'LAUNCH', ...go(480 + 30 * number, 660 + 10 * number, number === 4) },
    ],
  })),
};

const quotas = (region: string) => ({
  accountId: '111122223333',
  region,
  initialized: true,
  limits: { concurrentJobs: 20, serversPerJob: 100, serversInAllJobs: 500, replicatingServers: 300 },
  usage: { concurrentJobs: 3, serversInAllJobs: 40, sourceServers: 18, replicatingServers: 285 },
});

const STATISTICS = statistics({
  days: Array.from({ length: 11 }, (_, index) => {
    const date = new Date(Date.parse('2026-09-08') + index * 7 * 86_400_000).toISOString().slice(0, 10);
    return [
      counted(date, { completed: 2 + (index % 3), partial: index % 4 === 1 ? 1 : 0, failed: index % 5 === 2 ? 1 : 0 }),
      counted(date, { kind: 'RECOVERY', completed: index === 7 ? 1 : 0 }),
    ];
  }).flat(),
  failures: {
    since: '2026-10-24T10:30:00Z',
    count: 3,
    last: EXECUTIONS.filter(({ status }) => ['FAILED', 'PARTIAL', 'TIMED_OUT'].includes(status)),
  },
});
const LAST_RUNS = {
  recoveryPlanId: 'plan-shop',
  lastDrill: { executionId: 'execution-3', status: 'COMPLETED', endedAt: day(20) },
  lastCompletedDrill: { executionId: 'execution-3', status: 'COMPLETED', endedAt: day(20) },
  lastRecovery: { executionId: 'execution-6', status: 'CANCELLED', endedAt: day(14) },
};

export const CONFIGURED = { ...CONFIGURATION, region: 'us-west-2', cognitoEndpoint: '/cognito/' };

const DEFAULTS: Answers = {
  '/api/user/permissions': {
    user: 'operator@example.com',
    roles: ['recovery-manager'],
    permissions: ['read', 'edit-plans', 'run-drills', 'run-recoveries'],
  },
  '/api/protection-groups': { items: GROUPS },
  '/api/protection-groups/group-databases': GROUPS[0],
  '/api/recovery-plans': { items: [plan('Shop', { waves: WAVES }), plan('Billing')] },
  '/api/recovery-plans/plan-shop': plan('Shop', {
    description: 'The shop with its databases.',
    waves: WAVES,
  }),
  '/api/executions': { items: EXECUTIONS },
  '/api/executions/execution-1': SITUATIONS.gate,
  '/api/executions/execution-1/events': { items: EVENTS },
  '/api/executions/execution-1/job-logs': { items: JOB_LOGS },
  '/api/executions/execution-1/phases': PHASES,
  '/api/executions/execution-1/server-phases': SERVER_PHASES,
  '/api/drs/source-servers': { initialized: true, items: SERVERS },
  '/api/drs/quotas': quotas('us-west-2'),
  '/api/statistics/executions': STATISTICS,
  '/api/statistics/recovery-plans': { items: [LAST_RUNS] },
  '/config.json': CONFIGURED,
  'cognito GetUser': { UserMFASettingList: [] },
};

/** What Cognito answers to everything that no scene plans. */
const SIGNED_IN = {
  AuthenticationResult: { IdToken: idToken('operator@example.com'), AccessToken: 'access-1' },
};

const activityOf = (endedAt: string | null) => (endedAt === null ? 'ACTIVE' : 'ENDED');

/** A list of executions by the filters that the console asks it by. */
function filtered(answer: unknown, search: URLSearchParams): unknown {
  if (answer !== DEFAULTS['/api/executions']) {
    return answer;
  }
  const items = EXECUTIONS.filter(
    ({ kind, recoveryPlanId, endedAt }) =>
      (search.get('kind') ?? kind) === kind &&
      (search.get('activity') ?? activityOf(endedAt)) === activityOf(endedAt) &&
      (search.get('recoveryPlanId') ?? recoveryPlanId) === recoveryPlanId,
  );
  return { items };
}

/** Every address that the console asks; what is not planned fails the picture. */
export async function plant(page: Page, answers: Answers): Promise<void> {
  const planned = { ...DEFAULTS, ...answers };
  await page.route(/\/(api|cognito)\/|\/config\.json$/, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/cognito/') {
      const [, operation = ''] = (route.request().headers()['x-amz-target'] ?? '').split('.');
      await route.fulfill({ json: planned[`cognito ${operation}`] ?? SIGNED_IN });
      return;
    }
    const answer = filtered(planned[pathname], new URL(route.request().url()).searchParams);
    if (answer === undefined) {
      await route.fulfill({ status: 501, json: { code: 'NOT_PLANNED', detail: pathname } });
      return;
    }
    await route.fulfill({ json: answer });
  });
  await page.addInitScript(() => {
    window.sessionStorage.setItem('drs-orchestration.refresh-token', 'refresh-1');
  });
  await page.clock.setFixedTime(new Date('2026-11-23T10:30:00Z'));
}
