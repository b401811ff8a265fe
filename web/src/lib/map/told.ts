// Tables with a place as features of the map: one per row, with its row number; the layers say how each is drawn.
import Feature from 'ol/Feature';
import type Geometry from 'ol/geom/Geometry';
import MultiLineString from 'ol/geom/MultiLineString';
import MultiPoint from 'ol/geom/MultiPoint';
import Polygon from 'ol/geom/Polygon';
import VectorLayer from 'ol/layer/Vector';
import VectorSource from 'ol/source/Vector';
import type Style from 'ol/style/Style';
import { partsOf, type Table } from '../data/columns';
import { place, type LayerName } from './order';

/** Kinds as they travel: 1 point, 2 line, 3 polygon, 4–6 several of them. */
function geometryOf(kind: number, parts: number[][][]): Geometry | null {
  if (!parts.length) return null;
  if (kind === 1 || kind === 4) return new MultiPoint(parts.flat());
  if (kind === 2 || kind === 5) return new MultiLineString(parts);
  return kind === 3 || kind === 6 ? new Polygon(parts.map((ring) => [...ring, ring[0]])) : null;
}

export interface ToldLayer {
  layer: VectorLayer;
  show: (table: Table | null) => void;
}

/** A layer of one table; nothing is drawn before somebody asks for it. */
export function told(name: LayerName, style: (table: Table, row: number, resolution: number) => Style | Style[] | undefined, maxResolution = Infinity): ToldLayer {
  const source = new VectorSource();
  let held: Table | null = null;
  const layer = new VectorLayer({
    source, zIndex: place(name), maxResolution, declutter: name === 'areas' ? 'areas' : false,
    style: (feature, resolution) => (held ? style(held, feature.get('at') as number, resolution) : undefined),
  });
  const show = (table: Table | null) => {
    if (table === held) return;
    held = table;
    source.clear(true);
    if (!table) return;
    const lines = table.lines();
    for (let row = 0; row < table.rows; row++) {
      const geometry = geometryOf(lines.kinds[row], partsOf(lines, row));
      if (!geometry) continue;
      const feature = new Feature(geometry);
      feature.set('at', row, true);
      feature.set('table', table, true);
      source.addFeature(feature);
    }
  };
  return { layer, show };
}
