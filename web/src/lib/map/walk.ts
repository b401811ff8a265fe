// Walking along streets with the arrows: from one section to the one beyond its end that lies most in that direction.
import type { City } from '../data/city';
import { partsOf } from '../data/columns';

const middles = new WeakMap<City, Float64Array>();

/** The middle of each street section: x, y, x, y … */
export function middlesOf(city: City): Float64Array {
  let held = middles.get(city);
  if (!held) {
    held = new Float64Array(city.streets.id.length * 2);
    for (let row = 0; row < city.streets.id.length; row++) {
      const line = partsOf(city.streets.lines, row)[0] ?? [[0, 0]];
      const [a, b] = [line[0], line[line.length - 1]];
      held[row * 2] = (a[0] + b[0]) / 2;
      held[row * 2 + 1] = (a[1] + b[1]) / 2;
    }
    middles.set(city, held);
  }
  return held;
}

/** The nearest section in a quarter turn around that direction; the section itself when there is none. */
export function neighbours(city: City, from: number, dx: number, dy: number): number {
  const middle = middlesOf(city);
  const [x, y] = [middle[from * 2], middle[from * 2 + 1]];
  let best = from;
  let least = Infinity;
  for (let row = 0; row < middle.length / 2; row++) {
    if (row === from) continue;
    const [ex, ey] = [middle[row * 2] - x, middle[row * 2 + 1] - y];
    const along = ex * dx + ey * dy;
    const aside = Math.abs(ex * dy - ey * dx);
    if (along <= 0 || aside > along) continue;
    const far = along + 2 * aside;
    if (far < least) [best, least] = [row, far];
  }
  return best;
}
