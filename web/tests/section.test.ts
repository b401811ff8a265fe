import { describe, expect, test } from 'vitest';
import type { Across } from '../src/lib/api/types';
import { depthOf, scaleOf, snap, spread } from '../src/lib/section/scale';

const view = (width: number, bottom: number): Across => ({ width, judged: [], things: [{ role: 'network', bottom, depthBand: 0.1 }] }) as unknown as Across;

describe('the cross-section', () => {
  test('what lies deepest is in sight, and never less than two metres', () => {
    expect([depthOf(view(9, 1)), depthOf(view(9, 2.4)), depthOf(view(9, 9))]).toEqual([2, 3, 6]);
  });
  test('one scale for width and depth, unless depth is stretched; the street fits', () => {
    const s = scaleOf(view(9, 2), 900, 520, 1);
    expect(s.deep).toBe(s.k);
    expect(s.x(9)).toBeLessThan(900 - 64);
    expect(s.x(0)).toBeGreaterThan(62);
    expect(s.y(s.depth)).toBeCloseTo(520 - 34);
    expect(scaleOf(view(9, 2), 900, 520, 1.5).deep / scaleOf(view(9, 2), 900, 520, 1.5).k).toBe(1.5);
  });
  test('labels never lie on labels and stay within the drawing', () => {
    const at = spread([10, 12, 14, 300, 299], 34, 0, 320);
    const sorted = [...at].sort((a, b) => a - b);
    for (let i = 1; i < sorted.length; i++) expect(sorted[i] - sorted[i - 1]).toBeGreaterThanOrEqual(34 - 1e-9);
    expect(Math.min(...at)).toBeGreaterThanOrEqual(17);
    expect(Math.max(...at)).toBeLessThanOrEqual(320 - 17);
  });
  test('the hand moves in steps of five centimetres', () => expect([snap(1.23), snap(1.275)]).toEqual([1.25, 1.3]));
});
