// The programme by year: the colour of a street is the year of its opening, soon is dark; the chosen year is wider.
import VectorImageLayer from 'ol/layer/VectorImage';
import type VectorSource from 'ol/source/Vector';
import { Stroke, Style } from 'ol/style';
import { RAMP, screen, yearColour } from '../../theme/colours';
import { place } from '../order';
import { scale, type Paint } from '../paint';
import { rowOf } from '../streets';

/** The year that a street shows: that of the drag, else the chosen year when it opens then, else its first. */
export function shownYear(paint: Paint, street: number): number {
  const dragged = paint.preview?.get(street);
  if (dragged) return dragged;
  const { city, plan } = paint;
  if (!city || !plan) return 0;
  const openings = plan.openingsOf(city, street);
  for (const opening of openings) if (plan.openings.period[opening] === paint.year) return paint.year;
  if (paint.onlyYear || !openings.length) return 0;
  return plan.openings.period[openings[0]];
}

/** Which of five classes a number of cables and pipes has. */
export function crowdClass(count: number): number {
  return Math.min(4, Math.floor(count / 3));
}

function cased(color: string, width: number, zIndex: number, alpha = ''): Style[] {
  return [
    new Style({ stroke: new Stroke({ color: screen('ink') + alpha, width: width + 1.6 }), zIndex }),
    new Style({ stroke: new Stroke({ color: color + alpha, width }), zIndex: zIndex + 0.5 }),
  ];
}

export function years(source: VectorSource, paint: Paint): VectorImageLayer {
  const cache = new Map<string, Style[]>();
  const held = (key: string, make: () => Style[]) => {
    if (!cache.has(key)) cache.set(key, make());
    return cache.get(key)!;
  };
  return new VectorImageLayer({
    source,
    zIndex: place('year-line'),
    imageRatio: 1.5,
    style: (feature, resolution) => {
      const street = rowOf(feature);
      const k = scale() * (resolution > 4 ? 0.5 : resolution > 2 ? 0.75 : 1);
      if (paint.theme === 'crowd') {
        const count = paint.crowd?.[street] ?? NaN;
        if (Number.isNaN(count)) return held(`c?${k}`, () => [new Style({ stroke: new Stroke({ color: screen('unknown'), width: 2 * k, lineDash: [3, 4] }) })]);
        return held(`c${crowdClass(count)}${k}`, () => cased(RAMP[crowdClass(count)], 4 * k, crowdClass(count)));
      }
      if (paint.theme !== 'years' && paint.theme !== 'end') return undefined;
      const year = shownYear(paint, street);
      if (!year) return undefined;
      const chosen = year === paint.year && paint.theme === 'years';
      const alpha = paint.lit && !paint.lit.has(street) ? '40' : '';
      const key = `${year}${chosen}${k}${alpha}${paint.first}${paint.periods}`;
      return held(key, () => cased(yearColour(year, paint.first, paint.periods).screen, (chosen ? 6.5 : 3.2) * k, chosen ? 100 : 50 - (year - paint.first), alpha));
    },
  });
}
