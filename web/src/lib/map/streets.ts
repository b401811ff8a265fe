// Streets as features of the map: one per section, and one chain per street name to write the name along.
import Feature from 'ol/Feature';
import LineString from 'ol/geom/LineString';
import MultiLineString from 'ol/geom/MultiLineString';
import type { City } from '../data/city';
import { partsOf } from '../data/columns';

export type StreetFeature = Feature<LineString | MultiLineString>;

export function streetFeatures(city: City): StreetFeature[] {
  return city.streets.id.map((_, row) => {
    const parts = partsOf(city.streets.lines, row);
    const geometry = parts.length === 1 ? new LineString(parts[0]) : new MultiLineString(parts);
    const feature: StreetFeature = new Feature(geometry);
    feature.set('row', row, true);
    return feature;
  });
}

export function rowOf(feature: { get(key: string): unknown }): number {
  return feature.get('row') as number;
}

const key = (point: number[]) => `${Math.round(point[0])},${Math.round(point[1])}`;

/** The longest chain of sections of one street, so that its name has room. Sections join where their ends meet. */
export function chain(lines: number[][][]): number[][] {
  const left = new Set(lines.filter((line) => line.length > 1));
  if (!left.size) return [];
  const length = (line: number[][]) => line.reduce((sum, p, i) => (i ? sum + Math.hypot(p[0] - line[i - 1][0], p[1] - line[i - 1][1]) : 0), 0);
  let out = [...left].reduce((best, line) => (length(line) > length(best) ? line : best));
  left.delete(out);
  for (let grown = true; grown; ) {
    grown = false;
    for (const line of left) {
      const joined = join(out, line);
      if (!joined) continue;
      out = joined;
      left.delete(line);
      grown = true;
    }
  }
  return out[0][0] <= out[out.length - 1][0] ? out : [...out].reverse();
}

function join(one: number[][], other: number[][]): number[][] | null {
  const [start, end] = [key(one[0]), key(one[one.length - 1])];
  const [from, to] = [key(other[0]), key(other[other.length - 1])];
  if (end === from) return [...one, ...other.slice(1)];
  if (end === to) return [...one, ...[...other].reverse().slice(1)];
  if (start === to) return [...other, ...one.slice(1)];
  return start === from ? [...[...other].reverse(), ...one.slice(1)] : null;
}

export function nameFeatures(city: City): Feature<LineString>[] {
  const out: Feature<LineString>[] = [];
  city.places.forEach((place, at) => {
    if (city.streets.name[place.streets[0]] === null) return;
    const line = chain(place.streets.flatMap((street) => partsOf(city.streets.lines, street)));
    if (line.length < 2) return;
    const feature = new Feature(new LineString(line));
    feature.set('place', at, true);
    out.push(feature);
  });
  return out;
}
