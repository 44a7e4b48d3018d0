/**
 * The console's names for what the API sends. They are taken from the operations, so that a
 * renamed schema in the API's document changes nothing here.
 */
import type { components, paths } from './schema';

type Answer<Operation> = Operation extends {
  responses: { 200: { content: { 'application/json': infer Body } } };
}
  ? Body
  : never;

type Request<Operation> = Operation extends {
  requestBody: { content: { 'application/json': infer Body } };
}
  ? Body
  : never;

export type ExecutionList = Answer<paths['/executions']['get']>;
export type ExecutionSummary = ExecutionList['items'][number];
export type Execution = Answer<paths['/executions/{executionId}']['get']>;
export type ExecutionStatus = Execution['status'];
export type Kind = Execution['kind'];
export type Activity = components['schemas']['Activity'];
export type Wave = Execution['waves'][number];
export type Server = Wave['servers'][number];
/** A server with all that is said of it. */
export type ExecutionServer = Answer<paths['/executions/{executionId}/servers']['get']>['items'][number];
export type Hold = Execution['holds'][number];
export type WaitingFor = Execution['waitingFor'][number];
export type CleanUp = Execution['cleanUp'];
export type CleanUpStatus = CleanUp['status'];
export type CleanUpInstance = CleanUp['instances'][number];
export type AllowedActions = Execution['allowedActions'];
export type AllowedAction = Execution['continuation'];
export type ActionName = keyof AllowedActions;
export type ExecutionEvent = Answer<paths['/executions/{executionId}/events']['get']>['items'][number];
/** What happened in an execution. */
export type EventCode = ExecutionEvent['code'];
export type JobLogEntry = Answer<paths['/executions/{executionId}/job-logs']['get']>['items'][number];
/** Waves, holds and phases over time. */
export type ExecutionPhases = Answer<paths['/executions/{executionId}/phases']['get']>;
type ServerPhasesPage = Answer<paths['/executions/{executionId}/server-phases']['get']>;
export type ServerPhases = ServerPhasesPage['items'][number];
export type ExecutionStatistics = Answer<paths['/statistics/executions']['get']>;
export type PlanStatistics = Answer<paths['/statistics/recovery-plans']['get']>['items'][number];
export type LastRun = NonNullable<PlanStatistics['lastDrill']>;
export type StartRequest = Request<paths['/executions']['post']>;

export type ProtectionGroup = Answer<paths['/protection-groups/{protectionGroupId}']['get']>;
export type ProtectionGroupRequest = Request<paths['/protection-groups']['post']>;
export type SourceServerList = Answer<paths['/drs/source-servers']['get']>;
export type SourceServer = SourceServerList['items'][number];
export type Quotas = Answer<paths['/drs/quotas']['get']>;

export type RecoveryPlan = Answer<paths['/recovery-plans/{recoveryPlanId}']['get']>;
export type PlannedWave = RecoveryPlan['waves'][number];
export type RecoveryPlanRequest = Request<paths['/recovery-plans']['post']>;
export type WaveRequest = RecoveryPlanRequest['waves'][number];
export type Need = PlannedWave['need'];
export type OnFailure = components['schemas']['OnFailure'];
