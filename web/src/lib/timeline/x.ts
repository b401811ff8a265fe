// Where a year lies: one function for the timeline and the histograms beneath it.

export interface Axis {
  first: number;
  count: number;
  /** Width of one year in pixels. */
  col: number;
}

export const LEAST = 30;

export function axisFor(width: number, first: number, count: number): Axis {
  return { first, count, col: Math.max(LEAST, Math.floor(width / Math.max(1, count))) };
}

/** The left edge of a year; years outside the horizon lie at its edge. */
export function X(axis: Axis, period: number): number {
  return Math.min(Math.max(period - axis.first, 0), axis.count) * axis.col;
}

/** The year at a distance from the left. */
export function yearAt(axis: Axis, x: number): number {
  return axis.first + Math.min(axis.count - 1, Math.max(0, Math.floor(x / axis.col)));
}
