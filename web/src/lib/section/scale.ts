// Where metres lie on the screen in a cross-section: one scale for width, the same for depth unless it is stretched.
import type { Across, SectionThing } from '../api/types';

export const LEFT = 62;
export const RIGHT = 64;
export const HEAD = 46; // measures and names of the zones
export const FOOT = 34; // labels of claims
const BESIDE = 1.4; // metres of building that are seen at either side
const LEAST_SKY = 96;

export interface Scale {
  k: number;
  deep: number; // pixels per metre of depth
  ground: number; // y of peil
  depth: number; // metres that are drawn below ground
  x: (metres: number) => number;
  y: (metres: number) => number;
}

/** Down to a little under the deepest thing, at least two metres. */
export function depthOf(view: Across): number {
  const deepest = Math.max(0, ...view.things.filter((t) => t.role !== 'foundation').map((t) => (t.bottom ?? 1.5) + (t.depthBand ?? 0)), ...view.judged.map((j) => j.bottom ?? 0));
  return Math.min(6, Math.max(2, Math.ceil((deepest + 0.3) * 2) / 2));
}

export function scaleOf(view: Across, width: number, height: number, stretch: number): Scale {
  const depth = depthOf(view);
  const wide = (width - LEFT - RIGHT) / (view.width + 2 * BESIDE);
  const high = (height - HEAD - FOOT - LEAST_SKY) / (depth * stretch);
  const k = Math.max(12, Math.min(wide, high));
  const deep = k * stretch;
  const ground = height - FOOT - depth * deep;
  const left = (width - RIGHT + LEFT - view.width * k) / 2;
  return { k, deep, ground, depth, x: (metres) => left + metres * k, y: (metres) => ground + metres * deep };
}

/** Places for labels of this width along a line, each as near to its own place as the others allow, none on another. */
export function spread(wanted: number[], width: number, from: number, to: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const out = new Array<number>(wanted.length);
  let last = -Infinity;
  for (const i of order) last = out[i] = Math.max(wanted[i], last + width, from + width / 2);
  let next = Math.max(to - width / 2, last === -Infinity ? 0 : from + width * (wanted.length - 0.5));
  for (const i of [...order].reverse()) {
    if (out[i] > next) out[i] = next;
    next = out[i] - width;
  }
  return out;
}

/** To the step of the hand: five centimetres. */
export const snap = (metres: number): number => Math.round(metres * 20) / 20;

export const drawnAsDisc = (thing: SectionThing): boolean => thing.role === 'network' || thing.role === 'claim';

export const SIGNS: Record<string, { sign: string; tone: string; dash: string }> = {
  fits: { sign: '✓', tone: 'good', dash: '' },
  tight: { sign: '◐', tone: 'warn', dash: '8 3 2 3' },
  does_not_fit: { sign: '✕', tone: 'bad', dash: '5 3' },
  unknown: { sign: '?', tone: 'unknown', dash: '1.5 3' },
};
