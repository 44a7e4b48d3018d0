import { expect, it } from 'vitest';

import { duration, relativeTime } from './time';

const NOW = Date.parse('2026-11-23T12:00:00Z');

it.each([
  [2, 'just now'],
  [-2, 'just now'],
  [30, '30 seconds ago'],
  [-30, 'in 30 seconds'],
  [119, '1 minute ago'],
  [2 * 3_600, '2 hours ago'],
  [49 * 3_600, '2 days ago'],
])('%d seconds ago is told as "%s"', (seconds, words) => {
  expect(relativeTime(NOW - seconds * 1_000, NOW)).toBe(words);
});

it.each([
  [-5, '0\u00a0s'],
  [59, '59\u00a0s'],
  [250, '4\u00a0min\u00a010\u00a0s'],
  [3_840, '1\u00a0h\u00a04\u00a0min'],
])('%d seconds last "%s"', (seconds, words) => {
  expect(duration(seconds * 1_000)).toBe(words);
});
