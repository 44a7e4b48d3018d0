/** The words and signs for every state. A state that the API adds is an error of types here. */
import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';

import type {
  CleanUpInstance,
  CleanUpStatus,
  ExecutionStatus,
  Hold,
  Server,
  WaitingFor,
  Wave,
} from '../api/types';

export type Sign = { type: StatusIndicatorProps.Type; label: string };

export const EXECUTION_STATUS: Record<ExecutionStatus, Sign> = {
  PENDING: { type: 'pending', label: 'Pending' },
  RUNNING: { type: 'in-progress', label: 'Running' },
  PAUSING: { type: 'in-progress', label: 'Pausing' },
  PAUSED: { type: 'warning', label: 'Paused' },
  STOPPING: { type: 'in-progress', label: 'Stopping' },
  CANCELLING: { type: 'in-progress', label: 'Cancelling' },
  COMPLETED: { type: 'success', label: 'Completed' },
  PARTIAL: { type: 'warning', label: 'Partial' },
  FAILED: { type: 'error', label: 'Failed' },
  CANCELLED: { type: 'stopped', label: 'Cancelled' },
  TIMED_OUT: { type: 'error', label: 'Timed out' },
};

export const WAVE_STATUS: Record<Wave['status'], Sign> = {
  PENDING: { type: 'pending', label: 'Pending' },
  PAUSED: { type: 'warning', label: 'Paused' },
  QUEUED: { type: 'pending', label: 'Queued' },
  LAUNCHING: { type: 'in-progress', label: 'Launching' },
  COMPLETED: { type: 'success', label: 'Completed' },
  PARTIAL: { type: 'warning', label: 'Partial' },
  FAILED: { type: 'error', label: 'Failed' },
  SKIPPED: { type: 'stopped', label: 'Skipped' },
  CANCELLED: { type: 'stopped', label: 'Cancelled' },
  TIMED_OUT: { type: 'error', label: 'Timed out' },
};

export const SERVER_STATUS: Record<Server['status'], Sign> = {
  PENDING: { type: 'pending', label: 'Pending' },
  QUEUED: { type: 'pending', label: 'Queued' },
  LAUNCHING: { type: 'in-progress', label: 'Launching' },
  RECONCILING: { type: 'in-progress', label: 'Being clarified' },
  LAUNCHED: { type: 'success', label: 'Launched' },
  FAILED: { type: 'error', label: 'Failed' },
  UNKNOWN: { type: 'warning', label: 'Unknown' },
  SKIPPED: { type: 'stopped', label: 'Skipped' },
  CANCELLED: { type: 'stopped', label: 'Cancelled' },
  TERMINATED: { type: 'error', label: 'Terminated before it was up' },
};

export const CLEAN_UP_STATUS: Record<CleanUpStatus, Sign> = {
  NOT_STARTED: { type: 'pending', label: 'Not started' },
  RUNNING: { type: 'in-progress', label: 'Running' },
  DONE: { type: 'success', label: 'Done, nothing is left' },
  INCOMPLETE: { type: 'error', label: 'Incomplete' },
  COULD_NOT_VERIFY: { type: 'warning', label: 'Could not be verified' },
};

export const SERVER_PHASE: Record<NonNullable<Server['phase']>, string> = {
  CLEANUP: 'Clean-up',
  SNAPSHOT: 'Snapshot',
  CONVERSION: 'Conversion',
  LAUNCH: 'Launch',
};

export const HOLD_TYPE: Record<Hold['type'], string> = {
  GATE: 'Gate',
  FAILURE: 'Failure',
  MANUAL: 'Pause',
  UNDECIDED: 'Undecided launch',
};

export const WAITING_FOR_TYPE: Record<WaitingFor['type'], string> = {
  WAVES: 'Waves',
  DRS_JOB: 'DRS job',
  QUOTA: 'DRS quota',
  SERVER_IN_JOB: 'Server in another job',
  RECONCILING: 'Clarifying a launch',
  DRS_UNAVAILABLE: 'DRS cannot be reached',
  DRS_REFUSED: 'Launch refused by DRS',
  ACCESS_DENIED: 'Access to DRS denied',
  GATE: 'A person, at a gate',
  FAILURE: 'A person, after a failure',
  MANUAL: 'A person, after a pause',
  UNDECIDED: 'A person, for an undecided launch',
  CLEAN_UP: 'Clean-up',
};

export const KIND = { DRILL: 'Drill', RECOVERY: 'Recovery' } as const;

const ENDED: readonly ExecutionStatus[] = [
  'COMPLETED',
  'PARTIAL',
  'FAILED',
  'CANCELLED',
  'TIMED_OUT',
];

export function isEnded(status: ExecutionStatus): boolean {
  return ENDED.includes(status);
}

export function isExecutionStatus(value: string | null): value is ExecutionStatus {
  return value !== null && Object.hasOwn(EXECUTION_STATUS, value);
}

export const CLEAN_UP_INSTANCE_STATUS: Record<CleanUpInstance['status'], Sign> = {
  PENDING: { type: 'pending', label: 'Pending' },
  TERMINATING: { type: 'in-progress', label: 'Terminating' },
  TERMINATED: { type: 'success', label: 'Terminated' },
  ALREADY_GONE: { type: 'success', label: 'Was gone already' },
  NOT_OURS: { type: 'stopped', label: 'Not of this execution' },
  REFUSED: { type: 'error', label: 'Refused' },
};
