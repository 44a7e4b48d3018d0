import { expect, it } from 'vitest';

import { isSameName } from './same-name';

const COMPOSED = 'Caf\u00e9';
const DECOMPOSED = 'Cafe\u0301';

it.each([
  [COMPOSED, COMPOSED],
  [COMPOSED, DECOMPOSED],
  [DECOMPOSED, COMPOSED],
  [` ${DECOMPOSED} `, COMPOSED],
  ['Shop[U+200B]', 'Shop\u200b'],
])('%j is the name %j', (typed, name) => {
  expect(isSameName(typed, name)).toBe(true);
});

it.each([
  ['', COMPOSED],
  ['Cafe', COMPOSED],
  ['caf\u00e9', COMPOSED],
  ['Shop', 'Shop\u200b'],
])('%j is not the name %j', (typed, name) => {
  expect(isSameName(typed, name)).toBe(false);
});
