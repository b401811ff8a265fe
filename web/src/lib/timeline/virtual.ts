// Which rows of a long list are drawn: those in sight, and ten above and below.

export interface Shown {
  from: number;
  to: number;
  /** Height in pixels of what is left out above and below. */
  before: number;
  after: number;
}

export const SPARE = 10;

/** For rows of one height. */
export function windowOf(top: number, view: number, count: number, height: number, spare = SPARE): Shown {
  const from = Math.max(0, Math.min(count, Math.floor(top / height) - spare));
  const to = Math.max(from, Math.min(count, Math.ceil((top + view) / height) + spare));
  return { from, to, before: from * height, after: (count - to) * height };
}

/** For rows of different heights: `offsets[i]` is where row i begins, `offsets[count]` the whole height. */
export function windowAt(top: number, view: number, offsets: Float64Array, spare = SPARE): Shown {
  const count = offsets.length - 1;
  if (count <= 0) return { from: 0, to: 0, before: 0, after: 0 };
  const from = Math.max(0, firstEndingAfter(offsets, top) - spare);
  const to = Math.min(count, firstEndingAfter(offsets, top + view) + 1 + spare);
  return { from, to, before: offsets[from], after: offsets[count] - offsets[to] };
}

/** The first row that ends below this height. */
export function firstEndingAfter(offsets: Float64Array, y: number): number {
  let [low, high] = [0, offsets.length - 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offsets[middle + 1] > y) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function offsetsOf(heights: Iterable<number>, count: number): Float64Array {
  const out = new Float64Array(count + 1);
  let at = 0;
  for (const height of heights) out[at + 1] = out[at++] + height;
  return out;
}
