/**
 * The console's names for what the API sends. They are taken from the operations, so that a
 * renamed schema in the API's document changes nothing here.
 */
import type { paths } from './schema';

type Answer<Operation> = Operation extends {
  responses: { 200: { content: { 'application/json': infer Body } } };
}
  ? Body
  : never;

export type ExecutionList = Answer<paths['/executions']['get']>;
export type ExecutionSummary = ExecutionList['items'][number];
export type Execution = Answer<paths['/executions/{executionId}']['get']>;
export type ExecutionStatus = Execution['status'];
export type Wave = Execution['waves'][number];
export type Server = Wave['servers'][number];
export type Hold = Execution['holds'][number];
export type WaitingFor = Execution['waitingFor'][number];
export type CleanUp = Execution['cleanUp'];
export type CleanUpStatus = CleanUp['status'];
export type AllowedActions = Execution['allowedActions'];
