import { expect, it } from 'vitest';

import { plan, plannedWave } from '../../../test/fixtures';
import { draftOf, keyOf, moved, newWave, renamed, requestOf, without } from './draft';

const SHOP = plan('Shop', {
  waves: [
    plannedWave('db'),
    plannedWave('app', {
      dependsOn: ['db'],
      pauseBefore: true,
      need: { type: 'PERCENT', percent: 75 },
    }),
    plannedWave('web', { dependsOn: ['app'], sourceServerIds: ['s-1'], onFailure: 'PAUSE' }),
  ],
});

it('sends a plan back as it was read', () => {
  expect(requestOf(draftOf(SHOP)).waves).toEqual(SHOP.waves);
});

it('keeps what a wave depends on when the waves change places or keys', () => {
  const draft = draftOf(SHOP);
  const [db, app] = draft.waves;
  const waves = moved(draft.waves, app?.id ?? '', -1).map((wave) =>
    wave.id === db?.id ? { ...wave, key: 'data' } : wave,
  );
  const sent = requestOf({ ...draft, waves }).waves;
  expect(sent.map(({ key, dependsOn }) => [key, dependsOn])).toEqual([
    ['app', ['data']],
    ['data', []],
    ['web', ['app']],
  ]);
});

it('moves neither the first wave up nor the last one down', () => {
  const { waves } = draftOf(SHOP);
  expect(moved(waves, waves[0]?.id ?? '', -1)).toBe(waves);
  expect(moved(waves, waves[2]?.id ?? '', 1)).toBe(waves);
});

it('lets those that waited for a removed wave wait for what it waited for', () => {
  const draft = draftOf(SHOP);
  const waves = without(draft.waves, draft.waves[1]?.id ?? '');
  expect(requestOf({ ...draft, waves }).waves[1]).toMatchObject({ key: 'web', dependsOn: ['db'] });
});

it('makes the key from the name until somebody writes one', () => {
  const wave = renamed(newWave([]), 'Datenbänke & Co. (1)');
  expect(wave.key).toBe('datenbanke-co-1');
  expect(renamed({ ...wave, key: 'db', isKeyOwn: true }, 'Other').key).toBe('db');
  expect(keyOf('x'.repeat(40))).toHaveLength(32);
});

it('sends what is no number as one that the server refuses at its field', () => {
  const draft = draftOf(undefined);
  const waves = draft.waves.map((wave) => ({
    ...wave,
    needType: 'COUNT' as const,
    needNumber: '2.5',
    timeLimit: 'soon',
  }));
  expect(requestOf({ ...draft, waves }).waves[0]).toMatchObject({
    need: { type: 'COUNT', count: 0 },
    timeLimitMinutes: 0,
  });
});
