/** Where the waves of a plan stand in a picture: in layers, so that every arrow points forward. */

export type GraphNode = { key: string; dependsOn: readonly string[] };
export type Placed<Node> = { node: Node; layer: number; row: number };
export type Layout<Node> = { nodes: Placed<Node>[]; layers: number; rows: number };

/** A wave stands behind all that it depends on; what is in a circle stands where it was met. */
export function layout<Node extends GraphNode>(nodes: readonly Node[]): Layout<Node> {
  const layers: Node[][] = [];
  const layerOf = layersOf(nodes);
  for (const node of nodes) {
    const layer = layerOf.get(node.key) ?? 0;
    (layers[layer] ??= []).push(node);
  }
  const rowOf = new Map<string, number>();
  const placed: Placed<Node>[] = [];
  layers.forEach((members, layer) => {
    const ordered = members
      .map((node) => ({ node, weight: weightOf(node, rowOf) }))
      .sort((one, other) => one.weight - other.weight);
    ordered.forEach(({ node }, row) => {
      rowOf.set(node.key, row);
      placed.push({ node, layer, row });
    });
  });
  return {
    nodes: placed,
    layers: layers.length,
    rows: Math.max(0, ...layers.map((members) => members.length)),
  };
}

function layersOf(nodes: readonly GraphNode[]): Map<string, number> {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const found = new Map<string, number>();
  const open = new Set<string>();
  const visit = (node: GraphNode): number => {
    const known = found.get(node.key);
    if (known !== undefined) {
      return known;
    }
    open.add(node.key);
    let layer = 0;
    for (const key of node.dependsOn) {
      const before = byKey.get(key);
      if (before !== undefined && !open.has(key)) {
        layer = Math.max(layer, visit(before) + 1);
      }
    }
    open.delete(node.key);
    found.set(node.key, layer);
    return layer;
  };
  nodes.forEach(visit);
  return found;
}

/** A node stands near the middle of what it depends on, so that few arrows cross. */
function weightOf(node: GraphNode, rowOf: ReadonlyMap<string, number>): number {
  const rows = node.dependsOn.flatMap((key) => rowOf.get(key) ?? []);
  return rows.length === 0
    ? Number.MAX_SAFE_INTEGER
    : rows.reduce((sum, row) => sum + row, 0) / rows.length;
}
