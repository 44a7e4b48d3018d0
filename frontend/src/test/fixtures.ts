/** What the API would send. */
import type {
  AllowedActions,
  CleanUp,
  Execution,
  ExecutionPhases,
  ExecutionStatistics,
  ExecutionSummary,
  PlannedWave,
  ProtectionGroup,
  RecoveryPlan,
  Server,
  SourceServer,
  Wave,
} from '../api/types';
import type { Configuration } from '../configuration';
import { ORIGIN } from './server';

export const CONFIGURATION: Configuration = {
  apiUrl: '/api',
  region: 'us-east-1',
  userPoolId: 'us-east-1_abcdefghi',
  userPoolClientId: 'client-1',
  environment: 'test',
  projectName: 'drs-orchestration',
  cognitoEndpoint: `${ORIGIN}/cognito/`,
  signIn: 'PASSWORD',
  mfaConfiguration: 'OPTIONAL',
};

export const STARTED_AT = '2026-11-23T10:00:00Z';

/** What a list and a page say alike of an execution. */
const STEM = {
  executionId: 'execution-1',
  recoveryPlanId: 'plan-1',
  recoveryPlanName: 'Shop',
  planVersion: 3,
  kind: 'DRILL',
  status: 'RUNNING',
  statusReason: null,
  initiatedBy: 'operator@example.com',
  createdAt: STARTED_AT,
  startedAt: STARTED_AT,
  endedAt: null,
  version: 17,
} as const;

export function idToken(email: string, lifetimeSeconds = 3_600): string {
  const issued = 1_000_000;
  const payload = { email, iat: issued, exp: issued + lifetimeSeconds };
  const encoded = btoa(JSON.stringify(payload)).replaceAll('+', '-').replaceAll('/', '_');
  return `header.${encoded.replaceAll('=', '')}.signature`;
}

export function summary(members: Partial<ExecutionSummary> = {}): ExecutionSummary {
  return {
    ...STEM,
    waveCount: 1,
    serverCount: 2,
    launchedServerCount: 0,
    openHoldCount: 0,
    ...members,
  };
}

/** How executions ended on a day. */
export function counted(
  date: string,
  members: Partial<ExecutionStatistics['days'][number]> = {},
): ExecutionStatistics['days'][number] {
  return { date, kind: 'DRILL', completed: 0, partial: 0, failed: 0, cancelled: 0, timedOut: 0, ...members };
}

/** What has ended in the last 90 days. */
export function statistics(members: Partial<ExecutionStatistics> = {}): ExecutionStatistics {
  return {
    from: '2026-08-25',
    days: [],
    failures: { since: '2026-10-24T10:00:00Z', count: 0, last: [] },
    ...members,
  };
}

export function sourceServer(number: number, members: Partial<Server> = {}): Server {
  return {
    sourceServerId: serverId(number),
    hostname: `host-${number.toString()}`,
    protectionGroupId: 'group-1',
    accountId: '111122223333',
    region: 'us-west-2',
    status: 'PENDING',
    phase: null,
    jobId: null,
    recoveryInstanceId: null,
    recoveryInstance: null,
    error: null,
    warnings: [],
    late: false,
    attempts: 1,
    replacedBy: null,
    carriedOverFrom: null,
    passedTo: null,
    ...members,
  };
}

export function wave(key: string, members: Partial<Wave> = {}): Wave {
  return {
    key,
    name: `Wave ${key}`,
    status: 'PENDING',
    statusReason: null,
    startedAt: null,
    endedAt: null,
    dependsOn: [],
    pauseBefore: false,
    need: { type: 'ALL' },
    onFailure: 'STOP',
    timeLimitMinutes: 240,
    jobs: [],
    servers: [],
    ...members,
  };
}

export function cleanUp(members: Partial<CleanUp> = {}): CleanUp {
  return {
    status: 'NOT_STARTED',
    reason: null,
    initiatedBy: null,
    startedAt: null,
    endedAt: null,
    jobs: [],
    instances: [],
    ...members,
  };
}

export function allowedActions(members: Partial<AllowedActions> = {}): AllowedActions {
  return {
    pause: { allowed: true },
    resume: { allowed: false, reason: 'Nothing is held.' },
    cancel: { allowed: true },
    retry: { allowed: false, reason: 'No server has failed.' },
    skip: { allowed: true },
    resolve: { allowed: false, reason: 'Nothing is in doubt.' },
    terminateInstances: { allowed: false, reason: 'The drill has not ended.' },
    ...members,
  };
}

export function execution(members: Partial<Execution> = {}): Execution {
  return {
    ...STEM,
    continuesFrom: null,
    continuedBy: null,
    continuation: { allowed: false, reason: 'Only a recovery is continued, and this is a drill.' },
    reason: null,
    outageDeclaredAt: null,
    observedAt: STARTED_AT,
    observation: 'CURRENT',
    observationError: null,
    waitingFor: [
      {
        type: 'DRS_JOB',
        detail: 'Job drsjob-1 launches 2 servers.',
        since: STARTED_AT,
        jobId: 'drsjob-1',
        waveKeys: ['db'],
      },
    ],
    holds: [],
    warnings: [],
    waves: [wave('db', { name: 'Databases', servers: [sourceServer(1), sourceServer(2)] })],
    cleanUp: cleanUp(),
    instancesTerminated: false,
    allowedActions: allowedActions(),
    shortened: false,
    ...members,
  };
}

export function group(name: string, members: Partial<ProtectionGroup> = {}): ProtectionGroup {
  return {
    protectionGroupId: `group-${name.toLowerCase()}`,
    name,
    description: '',
    accountId: '111122223333',
    region: 'us-west-2',
    sourceServerIds: [serverId(1), serverId(2)],
    drillIsolation: null,
    version: 1,
    createdAt: STARTED_AT,
    updatedAt: STARTED_AT,
    ...members,
  };
}

/** A server as DRS shows it, of no group. */
export function discovered(number: number, members: Partial<SourceServer> = {}): SourceServer {
  return {
    sourceServerId: serverId(number),
    hostname: `host-${number.toString()}`,
    replicationState: 'CONTINUOUS',
    lagSeconds: 1,
    recoverability: 'READY',
    recoverabilityReason: null,
    originRegion: null,
    tags: {},
    protectionGroupId: null,
    recoveryInstance: null,
    ...members,
  };
}

export function plannedWave(key: string, members: Partial<PlannedWave> = {}): PlannedWave {
  return {
    key,
    name: `Wave ${key}`,
    protectionGroupIds: ['group-databases'],
    sourceServerIds: null,
    dependsOn: [],
    pauseBefore: false,
    need: { type: 'ALL' },
    onFailure: null,
    timeLimitMinutes: 240,
    ...members,
  };
}

export function plan(name: string, members: Partial<RecoveryPlan> = {}): RecoveryPlan {
  return {
    recoveryPlanId: `plan-${name.toLowerCase()}`,
    name,
    description: '',
    version: 3,
    createdAt: STARTED_AT,
    updatedAt: STARTED_AT,
    waves: [plannedWave('db')],
    ...members,
  };
}

export function serverId(number: number): string {
  return `s-${number.toString().padStart(17, '0')}`;
}

export function problem(status: number, code: string, detail: string) {
  return { type: 'about:blank', title: code, status, code, detail, faults: [], requestId: 'r-1' };
}

/** A timeline of which the only wave, `db`, still launches. */
export const PHASES: ExecutionPhases = {
  waves: [
    { waveKey: 'db', goes: [{ startedAt: STARTED_AT, endedAt: null, failed: false }], moments: [] },
  ],
  holds: [],
};
