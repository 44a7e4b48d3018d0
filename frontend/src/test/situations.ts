/** An execution in each situation that a person must be able to tell apart. */
import type { Execution, Hold, Server, WaitingFor, Wave } from '../api/types';
import { allowedActions, cleanUp, execution, sourceServer, STARTED_AT, wave } from './fixtures';

type Progress = Partial<Server> & { status: Server['status'] };

const LATER = '2026-11-23T10:12:00Z';
const LAST_SEEN = '2026-11-23T10:17:00Z';
const JUST_NOW = '2026-11-23T10:29:52Z';
const INSTANCE = { ec2State: 'RUNNING', launchDisposition: null, privateIps: ['10.0.0.7'], recoveryPointAt: STARTED_AT, usedPreviousPoint: false, checkedAt: LATER };

function servers(first: number, count: number, progress: Progress): Server[] {
  return Array.from({ length: count }, (_, index) => {
    const number = first + index;
    const id = `i-${number.toString().padStart(17, '0')}`;
    const isUp = progress.status === 'LAUNCHED';
    return sourceServer(number, {
      ...(isUp ? { recoveryInstanceId: id, recoveryInstance: { ...INSTANCE, id } } : {}),
      ...progress,
    });
  });
}

const JOB = { jobId: 'drsjob-1', status: 'STARTED', attempt: 1, startedAt: STARTED_AT, endedAt: null, logError: null } as const;

function waves(db: Partial<Wave>, app: Partial<Wave>, web: Partial<Wave> = {}): Wave[] {
  const untouched = ({ status }: Partial<Wave>, first: number, count: number) =>
    servers(first, count, { status: status === 'CANCELLED' ? 'CANCELLED' : 'PENDING' });
  return [
    wave('db', { name: 'Databases', startedAt: STARTED_AT, servers: untouched(db, 1, 4), ...db }),
    wave('app', { name: 'Application', dependsOn: ['db'], pauseBefore: true, servers: untouched(app, 5, 3), ...app }),
    wave('web', { name: 'Web', dependsOn: ['db'], servers: untouched(web, 8, 2), ...web }),
  ];
}

const JOB_OVER = { ...JOB, status: 'COMPLETED', endedAt: LATER } as const;
const UP: Partial<Wave> = { status: 'COMPLETED', endedAt: LATER, jobs: [JOB_OVER], servers: servers(1, 4, { status: 'LAUNCHED' }) };
const APP_UP: Partial<Wave> = { status: 'COMPLETED', endedAt: LATER, servers: servers(5, 3, { status: 'LAUNCHED' }) };
const WEB_UP: Partial<Wave> = { status: 'COMPLETED', endedAt: LATER, servers: servers(8, 2, { status: 'LAUNCHED' }) };
const LAUNCHING: Partial<Wave> = {
  status: 'LAUNCHING',
  jobs: [JOB],
  servers: servers(1, 4, { status: 'LAUNCHING', phase: 'CONVERSION', jobId: 'drsjob-1', attempts: 1 }),
};
const WEB_LAUNCHING: Partial<Wave> = {
  status: 'LAUNCHING',
  startedAt: LATER,
  jobs: [JOB],
  servers: servers(8, 2, { status: 'LAUNCHING', phase: 'SNAPSHOT', jobId: 'drsjob-1' }),
};
const FAILED: Partial<Wave> = {
  status: 'FAILED',
  endedAt: LATER,
  jobs: [JOB_OVER],
  statusReason: '3 of 4 servers launched',
  servers: [
    ...servers(1, 3, { status: 'LAUNCHED' }),
    ...servers(4, 1, { status: 'FAILED', error: 'LAUNCH_FAILED: the instance type has no capacity' }),
  ],
};

const hold = (holdId: string, type: Hold['type'], waveKey: string | null): Hold => ({
  holdId,
  type,
  waveKey,
  since: LATER,
  detail: type === 'UNDECIDED' ? 'DRS shows no job since the launch was asked for' : null,
});
const waits = (type: WaitingFor['type'], detail: string, ...waveKeys: string[]): WaitingFor => ({
  type,
  detail,
  since: LATER,
  jobId: type === 'DRS_JOB' ? 'drsjob-1' : null,
  waveKeys,
});
const JOB_WAIT = waits('DRS_JOB', 'DRS job drsjob-1 launches the servers', 'db');
const held = allowedActions({
  pause: { allowed: false, reason: 'The execution is paused already.' },
  resume: { allowed: true },
  skip: { allowed: true },
});
/** What an execution allows that is over, or is about to be. */
const over = (reason: string, members: Partial<Execution['allowedActions']> = {}) =>
  allowedActions({
    pause: { allowed: false, reason },
    resume: { allowed: false, reason },
    cancel: { allowed: false, reason },
    retry: { allowed: false, reason },
    skip: { allowed: false, reason },
    ...members,
  });
const ended = over('The execution has ended.', { terminateInstances: { allowed: true } });
const endedRecovery = over('The execution has ended.', {
  terminateInstances: { allowed: false, reason: 'Only the instances of a drill are terminated.' },
});
const atEnd = { waitingFor: [], observedAt: LATER, endedAt: LATER, allowedActions: ended } satisfies Partial<Execution>;

const instances = (...statuses: Execution['cleanUp']['instances'][number]['status'][]) =>
  statuses.map((status, index) => ({
    recoveryInstanceId: `i-${(index + 1).toString().padStart(17, '0')}`,
    sourceServerId: sourceServer(index + 1).sourceServerId,
    status,
    reason: status === 'REFUSED' ? 'DRS says: the instance is protected from termination' : null,
  }));

export const SITUATIONS = {
  pending: execution({
    status: 'PENDING',
    startedAt: null,
    createdAt: JUST_NOW,
    observedAt: null,
    waves: waves({ startedAt: null }, {}),
    waitingFor: [{ ...waits('WAVES', 'the execution is about to start', 'db'), since: JUST_NOW }],
  }),
  launching: execution({ observedAt: JUST_NOW, waves: waves(LAUNCHING, {}), waitingFor: [JOB_WAIT] }),
  queued: execution({
    observedAt: JUST_NOW,
    waves: waves({ status: 'QUEUED', servers: servers(1, 4, { status: 'QUEUED' }) }, {}),
    waitingFor: [waits('QUOTA', '20 jobs run in this account and Region already', 'db')],
  }),
  gate: execution({
    observedAt: LATER,
    status: 'PAUSED',
    waves: waves(UP, { status: 'PAUSED' }, WEB_UP),
    holds: [hold('gate-1', 'GATE', 'app')],
    waitingFor: [waits('GATE', 'a person must open the gate (hold gate-1)', 'app')],
    allowedActions: held,
  }),
  'two-gates': execution({
    observedAt: LATER,
    status: 'PAUSED',
    waves: waves(UP, { status: 'PAUSED' }, { status: 'PAUSED', pauseBefore: true }),
    holds: [hold('gate-1', 'GATE', 'app'), hold('gate-2', 'GATE', 'web')],
    waitingFor: [
      waits('GATE', 'a person must open the gate (hold gate-1)', 'app'),
      waits('GATE', 'a person must open the gate (hold gate-2)', 'web'),
    ],
    allowedActions: held,
  }),
  'gate-and-launching': execution({
    observedAt: JUST_NOW,
    waves: waves(UP, { status: 'PAUSED' }, WEB_LAUNCHING),
    holds: [hold('gate-1', 'GATE', 'app')],
    waitingFor: [
      waits('DRS_JOB', 'DRS job drsjob-1 launches the servers', 'web'),
      waits('GATE', 'a person must open the gate (hold gate-1)', 'app'),
    ],
    allowedActions: allowedActions({ resume: { allowed: true } }),
  }),
  'failure-hold': execution({
    observedAt: LATER,
    kind: 'RECOVERY',
    status: 'PAUSED',
    waves: waves({ ...FAILED, onFailure: 'PAUSE' }, {}),
    holds: [hold('failure-1', 'FAILURE', 'db')],
    waitingFor: [waits('FAILURE', 'a person must retry, skip or resume (hold failure-1)', 'db')],
    allowedActions: { ...held, retry: { allowed: true } },
  }),
  pausing: execution({
    observedAt: JUST_NOW,
    status: 'PAUSING',
    statusReason: 'paused by operator@example.com',
    waves: waves(LAUNCHING, {}),
    waitingFor: [JOB_WAIT],
    allowedActions: held,
  }),
  paused: execution({
    observedAt: LATER,
    status: 'PAUSED',
    statusReason: 'paused by operator@example.com',
    waves: waves(UP, {}),
    holds: [hold('manual-1', 'MANUAL', null)],
    waitingFor: [waits('MANUAL', 'a person has paused the execution (hold manual-1)')],
    allowedActions: held,
  }),
  stale: execution({ observedAt: LAST_SEEN, waves: waves(LAUNCHING, {}), waitingFor: [JOB_WAIT], observation: 'STALE' }),
  denied: execution({
    observedAt: LAST_SEEN,
    observation: 'FAILING',
    observationError: 'AccessDeniedException: not authorized to perform drs:DescribeJobs',
    waves: waves({ status: 'QUEUED', servers: servers(1, 4, { status: 'QUEUED' }) }, {}),
    waitingFor: [waits('ACCESS_DENIED', 'not authorized to perform drs:StartRecovery', 'db')],
  }),
  reconciling: execution({
    observedAt: JUST_NOW,
    waves: waves({ status: 'LAUNCHING', servers: servers(1, 4, { status: 'RECONCILING' }) }, {}),
    waitingFor: [waits('RECONCILING', 'it is being found out whether DRS accepted the launch; 2 looks found nothing', 'db')],
  }),
  stuck: execution({
    observedAt: JUST_NOW,
    status: 'PAUSED',
    waves: waves({ status: 'LAUNCHING', servers: servers(1, 4, { status: 'RECONCILING' }) }, {}),
    holds: [hold('undecided-1', 'UNDECIDED', 'db')],
    waitingFor: [waits('UNDECIDED', 'a person must say that DRS launched nothing, or give up on the servers (hold undecided-1)', 'db')],
    allowedActions: { ...held, resume: { allowed: false, reason: 'Nothing is held that resuming opens.' }, resolve: { allowed: true } },
  }),
  cancelling: execution({
    observedAt: JUST_NOW,
    status: 'CANCELLING',
    statusReason: 'cancelled by operator@example.com',
    waves: waves(LAUNCHING, { status: 'CANCELLED' }, { status: 'CANCELLED' }),
    waitingFor: [JOB_WAIT],
    allowedActions: over('The execution is being cancelled.', { cancel: { allowed: true } }),
  }),
  stopping: execution({
    observedAt: JUST_NOW,
    status: 'STOPPING',
    statusReason: 'wave `db` failed: nothing more starts',
    waves: waves(FAILED, { status: 'CANCELLED' }, { ...WEB_LAUNCHING, dependsOn: [] }),
    waitingFor: [waits('DRS_JOB', 'DRS job drsjob-1 launches the servers', 'web')],
    allowedActions: over('The execution is stopping because a wave failed: nothing more starts.', { cancel: { allowed: true } }),
  }),
  completed: execution({ status: 'COMPLETED', ...atEnd, waves: waves(UP, APP_UP, WEB_UP) }),
  partial: execution({ status: 'PARTIAL', ...atEnd, waves: waves({ ...FAILED, status: 'PARTIAL' }, APP_UP, WEB_UP) }),
  failed: execution({
    status: 'FAILED',
    ...atEnd,
    statusReason: 'wave `db` failed: nothing more was started',
    waves: waves(FAILED, { status: 'CANCELLED' }, { status: 'CANCELLED' }),
  }),
  'failed-recovery': execution({
    kind: 'RECOVERY',
    status: 'FAILED',
    ...atEnd,
    statusReason: 'wave `db` failed: nothing more was started',
    waves: waves(FAILED, { status: 'CANCELLED' }, { status: 'CANCELLED' }),
    allowedActions: endedRecovery,
    continuation: { allowed: true },
  }),
  continued: execution({
    kind: 'RECOVERY',
    status: 'CANCELLED',
    ...atEnd,
    statusReason: 'cancelled by operator@example.com',
    continuedBy: 'execution-2',
    waves: waves(
      { ...UP, servers: servers(1, 4, { status: 'LAUNCHED', passedTo: 'execution-2' }) },
      { status: 'CANCELLED' },
      { status: 'CANCELLED' },
    ),
    allowedActions: endedRecovery,
    continuation: { allowed: false, reason: 'It is continued already, by recovery execution-2.' },
  }),
  'timed-out': execution({
    status: 'TIMED_OUT',
    ...atEnd,
    statusReason: 'wave `db` reached its time limit',
    waves: waves(
      { ...FAILED, status: 'TIMED_OUT', statusReason: '0 of 4 servers launched', servers: servers(1, 4, { status: 'UNKNOWN' }) },
      { status: 'CANCELLED' },
      { status: 'CANCELLED' },
    ),
  }),
  cancelled: execution({
    status: 'CANCELLED',
    ...atEnd,
    statusReason: 'cancelled by operator@example.com',
    waves: waves(UP, { status: 'CANCELLED' }, { status: 'CANCELLED' }),
  }),
  'cleaning-up': execution({
    status: 'COMPLETED',
    ...atEnd,
    observedAt: JUST_NOW,
    waitingFor: [waits('CLEAN_UP', "the drill's instances are being terminated")],
    waves: waves(UP, APP_UP, WEB_UP),
    cleanUp: cleanUp({
      status: 'RUNNING',
      initiatedBy: 'operator@example.com',
      startedAt: LATER,
      instances: instances('TERMINATED', 'TERMINATED', 'TERMINATING', 'TERMINATING', 'TERMINATING', 'TERMINATING', 'TERMINATING', 'PENDING', 'PENDING'),
    }),
    allowedActions: { ...ended, terminateInstances: { allowed: false, reason: 'Clean-up is under way.' } },
  }),
  incomplete: execution({
    status: 'COMPLETED',
    ...atEnd,
    waves: waves(UP, APP_UP, WEB_UP),
    cleanUp: cleanUp({
      status: 'INCOMPLETE',
      initiatedBy: 'operator@example.com',
      startedAt: LATER,
      endedAt: LATER,
      instances: instances(...Array.from({ length: 7 }, () => 'TERMINATED' as const), 'ALREADY_GONE', 'REFUSED'),
    }),
  }),
  'cleaned-up': execution({
    status: 'COMPLETED',
    ...atEnd,
    instancesTerminated: true,
    waves: waves(UP, APP_UP, WEB_UP),
    cleanUp: cleanUp({
      status: 'DONE',
      initiatedBy: 'operator@example.com',
      startedAt: LATER,
      endedAt: LATER,
      instances: instances(...Array.from({ length: 9 }, () => 'TERMINATED' as const)),
    }),
    allowedActions: { ...ended, terminateInstances: { allowed: false, reason: 'Clean-up is done: nothing is left.' } },
  }),
} satisfies Record<string, Execution>;
