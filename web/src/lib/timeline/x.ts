// Where a year lies: one function for the timeline and the histograms beneath it.
import { PER_YEAR } from '../data/quarters';

export interface Axis {
  first: number;
  count: number;
  /** Width of one year in pixels. */
  col: number;
}

export const LEAST = 30;

/** How many times wider than the window a year may be drawn; the columns then scroll. */
export const ZOOMS = [1, 2, 4] as const;

export function axisFor(width: number, first: number, count: number, zoom = 1): Axis {
  return { first, count, col: Math.max(LEAST, Math.floor((zoom * width) / Math.max(1, count))) };
}

/** The left edge of a year; years outside the horizon lie at its edge. */
export function X(axis: Axis, period: number): number {
  return Math.min(Math.max(period - axis.first, 0), axis.count) * axis.col;
}

/** Where a bar lies: over its whole year, or from the quarter in which it begins for as many quarters as it lasts. */
export function span(axis: Axis, period: number, quarter = 0, lasts = PER_YEAR): { x: number; width: number } {
  if (!quarter) return { x: X(axis, period), width: axis.col };
  const x = X(axis, period) + ((quarter - 1) * axis.col) / PER_YEAR;
  return { x, width: Math.min((lasts * axis.col) / PER_YEAR, axis.count * axis.col - x) };
}

/** The year at a distance from the left. */
export function yearAt(axis: Axis, x: number): number {
  return axis.first + Math.min(axis.count - 1, Math.max(0, Math.floor(x / axis.col)));
}
