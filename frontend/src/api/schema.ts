/**
 * The part of the API that the console uses, in the shape that `npm run generate` writes
 * from `../openapi.json`.
 */

export interface paths {
  '/executions': {
    get: {
      parameters: {
        query?: {
          status?: components['schemas']['ExecutionStatus'];
          recoveryPlanId?: string;
          kind?: components['schemas']['ExecutionKind'];
          maxResults?: number;
          nextToken?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: Record<string, unknown>;
          content: { 'application/json': components['schemas']['ExecutionList'] };
        };
        default: Failure;
      };
    };
  };
  '/executions/{executionId}': {
    get: {
      parameters: ExecutionPath;
      requestBody?: never;
      responses: { 200: ExecutionAnswer; default: Failure };
    };
  };
  '/executions/{executionId}/pause': {
    post: {
      parameters: ExecutionPath;
      requestBody: { content: { 'application/json': { clientToken?: string } } };
      responses: { 200: ExecutionAnswer; default: Failure };
    };
  };
  '/executions/{executionId}/resume': {
    post: {
      parameters: ExecutionPath;
      requestBody: {
        content: {
          'application/json': { clientToken?: string; holdIds?: string[]; comment?: string };
        };
      };
      responses: { 200: ExecutionAnswer; default: Failure };
    };
  };
  '/executions/{executionId}/cancel': {
    post: {
      parameters: ExecutionPath;
      requestBody: {
        content: {
          'application/json': { clientToken?: string; reason?: string; giveUpOn?: string[] };
        };
      };
      responses: { 200: ExecutionAnswer; default: Failure };
    };
  };
}

export interface components {
  schemas: {
    ExecutionKind: 'DRILL' | 'RECOVERY';
    ExecutionStatus:
      | 'PENDING'
      | 'RUNNING'
      | 'PAUSING'
      | 'PAUSED'
      | 'STOPPING'
      | 'CANCELLING'
      | 'COMPLETED'
      | 'PARTIAL'
      | 'FAILED'
      | 'CANCELLED'
      | 'TIMED_OUT';
    WaveStatus:
      | 'PENDING'
      | 'PAUSED'
      | 'QUEUED'
      | 'LAUNCHING'
      | 'COMPLETED'
      | 'PARTIAL'
      | 'FAILED'
      | 'SKIPPED'
      | 'CANCELLED'
      | 'TIMED_OUT';
    ServerStatus:
      | 'PENDING'
      | 'QUEUED'
      | 'LAUNCHING'
      | 'RECONCILING'
      | 'LAUNCHED'
      | 'FAILED'
      | 'UNKNOWN'
      | 'SKIPPED'
      | 'CANCELLED'
      | 'TERMINATED';
    ServerPhase: 'CLEANUP' | 'SNAPSHOT' | 'CONVERSION' | 'LAUNCH';
    HoldType: 'GATE' | 'FAILURE' | 'MANUAL' | 'UNDECIDED';
    WaitingForType:
      | 'WAVES'
      | 'DRS_JOB'
      | 'QUOTA'
      | 'SERVER_IN_JOB'
      | 'RECONCILING'
      | 'DRS_UNAVAILABLE'
      | 'ACCESS_DENIED'
      | 'GATE'
      | 'FAILURE'
      | 'MANUAL'
      | 'UNDECIDED'
      | 'CLEAN_UP';
    Observation: 'CURRENT' | 'STALE' | 'FAILING';
    CleanUpStatus: 'NOT_STARTED' | 'RUNNING' | 'DONE' | 'INCOMPLETE' | 'COULD_NOT_VERIFY';
    ExecutionSummary: {
      executionId: string;
      recoveryPlanId: string;
      recoveryPlanName: string;
      kind: components['schemas']['ExecutionKind'];
      status: components['schemas']['ExecutionStatus'];
      initiatedBy: string;
      createdAt: string;
      startedAt?: string | null;
      endedAt?: string | null;
    };
    ExecutionList: {
      items: components['schemas']['ExecutionSummary'][];
      nextToken?: string | null;
    };
    Hold: {
      holdId: string;
      type: components['schemas']['HoldType'];
      waveKey?: string | null;
      since: string;
    };
    WaitingFor: {
      type: components['schemas']['WaitingForType'];
      detail: string;
      since: string;
      jobId?: string | null;
      waveKeys?: string[] | null;
    };
    Server: {
      sourceServerId: string;
      hostname?: string | null;
      status: components['schemas']['ServerStatus'];
      phase?: components['schemas']['ServerPhase'] | null;
      jobId?: string | null;
      recoveryInstanceId?: string | null;
      error?: string | null;
      warnings: string[];
      late: boolean;
      attempts: number;
    };
    Wave: {
      key: string;
      name: string;
      status: components['schemas']['WaveStatus'];
      startedAt?: string | null;
      endedAt?: string | null;
      jobs: { jobId: string; status: string; attempt: number }[];
      servers: components['schemas']['Server'][];
    };
    AllowedAction: { allowed: boolean; reason?: string | null };
    Execution: components['schemas']['ExecutionSummary'] & {
      planVersion: number;
      version: number;
      statusReason?: string | null;
      observedAt?: string | null;
      observation: components['schemas']['Observation'];
      observationError?: string | null;
      waitingFor: components['schemas']['WaitingFor'][];
      holds: components['schemas']['Hold'][];
      warnings: string[];
      waves: components['schemas']['Wave'][];
      cleanUp: { status: components['schemas']['CleanUpStatus']; endedAt?: string | null };
      instancesTerminated: boolean;
      allowedActions: Record<string, components['schemas']['AllowedAction']>;
    };
    Problem: {
      type: string;
      title: string;
      status: number;
      code: string;
      detail: string;
      faults?: { path: string; code: string; message: string }[];
      requestId?: string | null;
    };
  };
}

type ExecutionPath = {
  query?: never;
  header?: never;
  path: { executionId: string };
  cookie?: never;
};

type ExecutionAnswer = {
  headers: Record<string, unknown>;
  content: { 'application/json': components['schemas']['Execution'] };
};

type Failure = {
  headers: Record<string, unknown>;
  content: { 'application/problem+json': components['schemas']['Problem'] };
};
