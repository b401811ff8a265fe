// The order of everything on the map, from below to above. A layer that is not in this list stops the page.
export const ORDER = [
  'ground', 'background', 'green', 'water', 'railway', 'surface', 'street-bed', 'buildings', 'trees', 'crowding', 'openings-past', 'networks', 'claims', 'plans',
  'areas', 'year-line', 'ghost', 'hover', 'selection', 'drawn-area', 'street-names', 'chances', 'clashes', 'opening-labels', 'markers',
] as const;

export type LayerName = (typeof ORDER)[number];

export function place(name: LayerName): number {
  const at = ORDER.indexOf(name);
  if (at < 0) throw new Error(`Layer '${name}' has no place in order.ts.`);
  return at;
}
