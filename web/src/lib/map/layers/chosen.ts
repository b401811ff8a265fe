// Hover, selection and the drawn area: ink and white, never a hue, so that they can lie on every theme.
import Feature from 'ol/Feature';
import Polygon from 'ol/geom/Polygon';
import VectorLayer from 'ol/layer/Vector';
import VectorSource from 'ol/source/Vector';
import { Fill, Stroke, Style } from 'ol/style';
import { screen } from '../../theme/colours';
import { place, type LayerName } from '../order';
import { scale, type Paint } from '../paint';
import type { StreetFeature } from '../streets';

function outline(resolution: number, hover: boolean): Style[] {
  const offset = Math.max(6 * scale(), 5.5 / resolution);
  const band = new Style({ stroke: new Stroke({ color: `${screen('accent')}1f`, width: offset * 2 }) });
  const edge = (color: string, width: number, side: number) => new Style({ stroke: new Stroke({ color, width: width * scale(), offset: side * offset }) });
  if (hover) return [band, edge(screen('ink-2'), 1.6, -1), edge(screen('ink-2'), 1.6, 1)];
  return [band, edge(screen('paper'), 5.5, -1), edge(screen('paper'), 5.5, 1), edge(screen('ink'), 2.4, -1), edge(screen('ink'), 2.4, 1)];
}

function own(name: LayerName, hover: boolean): VectorLayer<VectorSource<StreetFeature>> {
  return new VectorLayer({ source: new VectorSource<StreetFeature>(), zIndex: place(name), style: (_, resolution) => outline(resolution, hover) });
}

export function chosen(paint: Paint) {
  const hover = own('hover', true);
  const selection = own('selection', false);
  const drawn = new VectorLayer({
    source: new VectorSource(),
    zIndex: place('drawn-area'),
    style: new Style({ stroke: new Stroke({ color: screen('ink'), width: 1.5, lineDash: [6, 4] }), fill: new Fill({ color: `${screen('accent')}14` }) }),
  });
  const refresh = (streets: StreetFeature[]) => {
    hover.getSource()!.clear(true);
    if (streets[paint.hovered]) hover.getSource()!.addFeature(streets[paint.hovered]);
    selection.getSource()!.clear(true);
    selection.getSource()!.addFeatures([...paint.selected].map((row) => streets[row]).filter(Boolean));
    drawn.getSource()!.clear(true);
    if (paint.area) drawn.getSource()!.addFeature(new Feature(new Polygon([paint.area])));
  };
  return { layers: [hover, selection, drawn], refresh };
}
