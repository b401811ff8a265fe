import { expect, test } from 'vitest';
import { firstEndingAfter, offsetsOf, SPARE, windowAt, windowOf } from '../src/lib/timeline/virtual';

test('only what is in sight is drawn, and ten above and below', () => {
  const shown = windowOf(2600, 260, 100_000, 26);
  expect(shown.from).toBe(100 - SPARE);
  expect(shown.to).toBe(110 + SPARE);
  expect(shown.before + (shown.to - shown.from) * 26 + shown.after).toBe(100_000 * 26);
});

test('rows of different heights keep the whole height, wherever one looks', () => {
  const heights = Array.from({ length: 5000 }, (_, i) => (i % 3 ? 24 : 28));
  const offsets = offsetsOf(heights, heights.length);
  for (const top of [0, 1, 27, 28, 999, 60_000, offsets[5000] - 10]) {
    const shown = windowAt(top, 400, offsets);
    const drawn = heights.slice(shown.from, shown.to).reduce((a, b) => a + b, 0);
    expect(shown.before + drawn + shown.after).toBe(offsets[5000]);
    expect(offsets[shown.from]).toBeLessThanOrEqual(top);
    expect(offsets[shown.to]).toBeGreaterThanOrEqual(Math.min(top + 400, offsets[5000]));
    expect(shown.to - shown.from).toBeLessThan(50);
  }
});

test('an empty list draws nothing', () => {
  expect(windowAt(0, 400, offsetsOf([], 0))).toEqual({ from: 0, to: 0, before: 0, after: 0 });
  expect(windowOf(500, 400, 0, 26).to).toBe(0);
});

test('the first row that ends below a height', () => {
  const offsets = offsetsOf([10, 20, 30], 3);
  expect([0, 9, 10, 29, 30, 59].map((y) => firstEndingAfter(offsets, y))).toEqual([0, 0, 1, 1, 2, 2]);
});
