/**
 * The ids from which following the edges comes back to themselves, each with the way round.
 * Edges to ids that are no key are ignored.
 */
export function circlesIn(
  edges: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const circles = new Map<string, readonly string[]>();
  for (const start of edges.keys()) {
    const way = wayBack(start, edges);
    if (way !== undefined) circles.set(start, way);
  }
  return circles;
}

function wayBack(
  start: string,
  edges: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const seen = new Set<string>();
  const open: (readonly string[])[] = [[start]];
  for (let way = open.shift(); way !== undefined; way = open.shift()) {
    for (const next of edges.get(way.at(-1) ?? '') ?? []) {
      if (next === start) return [...way, start];
      if (seen.has(next)) continue;
      seen.add(next);
      open.push([...way, next]);
    }
  }
  return undefined;
}
