// Cables and pipes by kind: colour, dash and casing from colours.csv; the theme 'age' colours them by year built instead.
import VectorTileLayer from 'ol/layer/VectorTile';
import type VectorTileSource from 'ol/source/VectorTile';
import type RenderFeature from 'ol/render/Feature';
import { Stroke, Style } from 'ol/style';
import { network as networkOf, RAMP, screen } from '../../theme/colours';
import { place } from '../order';
import { COARSEST, scale, type Paint } from '../paint';

const WIDE = new Set(['sewer', 'sewer_pressure']);
/** From below to above, as in the list of layers. */
const ABOVE = ['telecom', 'electricity_high', 'electricity_medium', 'electricity_low', 'water', 'heat', 'gas_high', 'gas_low', 'sewer_pressure', 'sewer'];
export const DRAWN = new Set(ABOVE);
/** Years that begin a class of age, oldest last. */
export const AGE_CLASSES = [2010, 1990, 1970, 1950, 0];

export function ageColour(year: number | null | undefined): string | null {
  if (!year) return null;
  return RAMP[AGE_CLASSES.findIndex((from) => year >= from)];
}

function byKind(name: string, resolution: number, faded: boolean): Style[] {
  const row = networkOf(name);
  const k = scale() * (resolution > 1.2 ? 0.6 : 1);
  const width = (WIDE.has(name) ? 3 : 2) * k;
  const dash = row.dash ? row.dash.split(' ').map((n) => Number(n) * k) : undefined;
  const zIndex = ABOVE.indexOf(name);
  const alpha = faded ? '30' : '';
  const line = new Style({ stroke: new Stroke({ color: row.screen + alpha, width, lineDash: dash, lineCap: 'butt' }), zIndex });
  if (!row.casing) return [line];
  return [new Style({ stroke: new Stroke({ color: row.casing + alpha, width: width + 1.6 * k }), zIndex }), line];
}

export function networks(source: VectorTileSource, paint: Paint): VectorTileLayer {
  const cache = new Map<string, Style[]>();
  return new VectorTileLayer({
    source,
    zIndex: place('networks'),
    maxResolution: COARSEST,
    renderBuffer: 24,
    style: (feature, resolution) => {
      if (paint.theme !== 'owner' && paint.theme !== 'age') return undefined;
      const name = paint.city?.kindNetwork(feature.get('kind') as string) ?? 'other';
      const type = (feature as RenderFeature).getType();
      if (!DRAWN.has(name) || type === 'Point' || type === 'Polygon') return undefined;
      const coarse = resolution > 1.2;
      if (paint.theme === 'age') return aged(feature.get('year_built') as number | null, coarse, cache);
      const faded = paint.onlyNetwork !== null && networkOf(name).letter !== networkOf(paint.onlyNetwork).letter;
      const key = `${name}${coarse}${faded}`;
      if (!cache.has(key)) cache.set(key, byKind(name, resolution, faded));
      return cache.get(key);
    },
  });
}

function aged(year: number | null, coarse: boolean, cache: Map<string, Style[]>): Style[] {
  const colour = ageColour(year);
  const key = `age ${colour} ${coarse}`;
  if (!cache.has(key)) {
    const width = (coarse ? 1.6 : 2.6) * scale();
    const stroke = colour
      ? new Stroke({ color: colour, width })
      : new Stroke({ color: screen('unknown'), width: width / 2, lineDash: [2, 4] });
    cache.set(key, [new Style({ stroke, zIndex: colour ? RAMP.indexOf(colour) : -1 })]);
  }
  return cache.get(key)!;
}
