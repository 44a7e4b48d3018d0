import { expect, it } from 'vitest';

import { paceOfLogs } from './job-logs';

const WINDOW_MS = 300_000;

it.each([
  [0, 5_000],
  [3, 5_000],
  [4, 10_000],
  [20, 35_000],
])('%i logs that are still open are read again after %i ms', (open, interval) => {
  expect(paceOfLogs(open)).toBe(interval);
});

it('no number of jobs makes a console ask for logs more than 180 times in five minutes', () => {
  for (let open = 1; open <= 200; open += 1) {
    expect((open * WINDOW_MS) / paceOfLogs(open)).toBeLessThanOrEqual(180);
  }
});
