/** What the API would send. */
import type { Execution, ExecutionSummary, Server, Wave } from '../api/types';
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
};

export const STARTED_AT = '2026-11-23T10:00:00Z';

export function idToken(email: string, lifetimeSeconds = 3_600): string {
  const issued = 1_000_000;
  const payload = { email, iat: issued, exp: issued + lifetimeSeconds };
  const encoded = btoa(JSON.stringify(payload)).replaceAll('+', '-').replaceAll('/', '_');
  return `header.${encoded.replaceAll('=', '')}.signature`;
}

export function summary(members: Partial<ExecutionSummary> = {}): ExecutionSummary {
  return {
    executionId: 'execution-1',
    recoveryPlanId: 'plan-1',
    recoveryPlanName: 'Shop',
    kind: 'DRILL',
    status: 'RUNNING',
    initiatedBy: 'operator@example.com',
    createdAt: STARTED_AT,
    startedAt: STARTED_AT,
    endedAt: null,
    ...members,
  };
}

export function sourceServer(number: number, members: Partial<Server> = {}): Server {
  return {
    sourceServerId: `s-${number.toString().padStart(17, '0')}`,
    hostname: `host-${number.toString()}`,
    status: 'PENDING',
    phase: null,
    jobId: null,
    recoveryInstanceId: null,
    error: null,
    warnings: [],
    late: false,
    attempts: 1,
    ...members,
  };
}

export function wave(key: string, members: Partial<Wave> = {}): Wave {
  return {
    key,
    name: `Wave ${key}`,
    status: 'PENDING',
    startedAt: null,
    endedAt: null,
    jobs: [],
    servers: [],
    ...members,
  };
}

export function execution(members: Partial<Execution> = {}): Execution {
  return {
    ...summary(),
    planVersion: 3,
    version: 17,
    statusReason: null,
    observedAt: STARTED_AT,
    observation: 'CURRENT',
    observationError: null,
    waitingFor: [{ type: 'DRS_JOB', detail: 'Job drsjob-1 launches 2 servers.', since: STARTED_AT }],
    holds: [],
    warnings: [],
    waves: [wave('db', { name: 'Databases', servers: [sourceServer(1), sourceServer(2)] })],
    cleanUp: { status: 'NOT_STARTED', endedAt: null },
    instancesTerminated: false,
    allowedActions: {
      pause: { allowed: true },
      resume: { allowed: false, reason: 'Nothing is held.' },
      cancel: { allowed: true },
    },
    ...members,
  };
}

export function problem(status: number, code: string, detail: string) {
  return { type: 'about:blank', title: code, status, code, detail, faults: [], requestId: 'r-1' };
}
