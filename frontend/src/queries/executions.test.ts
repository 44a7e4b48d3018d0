import { expect, it } from 'vitest';

import type { ExecutionStatus } from '../api/types';
import { cleanUp, execution, sourceServer, wave } from '../test/fixtures';
import { pace } from './executions';

it.each<[ExecutionStatus, number | false]>([
  ['PENDING', 3_000],
  ['RUNNING', 3_000],
  ['PAUSING', 3_000],
  ['STOPPING', 3_000],
  ['CANCELLING', 3_000],
  ['PAUSED', 15_000],
  ['COMPLETED', false],
  ['PARTIAL', false],
  ['FAILED', false],
  ['CANCELLED', false],
  ['TIMED_OUT', false],
])('an execution that is %s is looked at again after %s', (status, interval) => {
  expect(pace(execution({ status }))).toBe(interval);
});

it('a clean-up is followed although the execution has ended', () => {
  expect(pace(execution({ status: 'COMPLETED', cleanUp: cleanUp({ status: 'RUNNING' }) }))).toBe(3_000);
});

it('a server that may still launch is followed although the execution has ended', () => {
  const servers = [sourceServer(1, { status: 'LAUNCHING' })];
  const ended = execution({ status: 'TIMED_OUT', waves: [wave('db', { servers })] });
  expect(pace(ended)).toBe(15_000);
});
