import { expect, it } from 'vitest';

import { layout } from './graph';

const node = (key: string, ...dependsOn: string[]) => ({ key, dependsOn });
const places = (nodes: ReturnType<typeof node>[]) =>
  Object.fromEntries(layout(nodes).nodes.map((p) => [p.node.key, [p.layer, p.row]]));

it('puts a wave behind everything that it depends on', () => {
  expect(places([node('web', 'app', 'db'), node('app', 'db'), node('db')])).toEqual({
    db: [0, 0],
    app: [1, 0],
    web: [2, 0],
  });
});

it('puts independent waves into one layer, near what they depend on', () => {
  const graph = layout([node('a'), node('b'), node('after-b', 'b'), node('after-a', 'a')]);
  expect(graph).toMatchObject({ layers: 2, rows: 2 });
  expect(places([node('a'), node('b'), node('after-b', 'b'), node('after-a', 'a')])).toEqual({
    a: [0, 0],
    b: [0, 1],
    'after-a': [1, 0],
    'after-b': [1, 1],
  });
});

it('draws a circle and an unknown wave too, since a draft may have them', () => {
  expect(layout([node('a', 'b'), node('b', 'a', 'nowhere')]).nodes).toHaveLength(2);
});

it('draws nothing for nothing', () => {
  expect(layout([])).toEqual({ nodes: [], layers: 0, rows: 0 });
});
