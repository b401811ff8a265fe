// What the layers draw: one object, handed to every layer, changed only through CityMap.paint.
import type { City } from '../data/city';
import type { Plan } from '../data/plan';
import type { Ring } from '../stores/selection.svelte';

export type Theme = 'owner' | 'age' | 'end' | 'crowd' | 'years' | 'plain';

export interface Mark {
  street: number;
  kind: 'chance' | 'clash';
  label: string;
  chosen: boolean;
}

export interface Paint {
  city: City | null;
  plan: Plan | null;
  ghost: Plan | null;
  theme: Theme;
  year: number;
  onlyYear: boolean;
  first: number;
  periods: number;
  selected: ReadonlySet<number>;
  hovered: number;
  area: Ring | null;
  /** While a work is dragged: the year that its streets would get. */
  preview: ReadonlyMap<number, number> | null;
  /** Streets that light up alone, the others fade: the difference between two scenarios. */
  lit: ReadonlySet<number> | null;
  marks: Mark[];
  /** Number of cables and pipes per street, for crowding. */
  crowd: Float64Array | null;
  /** The network that the legend points at; the others fade. */
  onlyNetwork: string | null;
}

export const BLANK: Paint = {
  city: null, plan: null, ghost: null, theme: 'owner', year: 0, onlyYear: false, first: 0, periods: 1, selected: new Set(), hovered: -1,
  area: null, preview: null, lit: null, marks: [], crowd: null, onlyNetwork: null,
};

/** Metres per pixel beyond which objects are too small to draw, and only streets are. */
export const COARSEST = 6.5;

/** The scale of text and lines: grows with the root font on a wall screen. */
export function scale(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
}

export function font(weight = 500, size = 13): string {
  return `${weight} ${Math.round(size * scale())}px "Inter Variable", system-ui, sans-serif`;
}
