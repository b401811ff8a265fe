// Opportunities and clashes: a sign with a number in the middle of the street, diamond or triangle, never colour alone.
import Feature from 'ol/Feature';
import Point from 'ol/geom/Point';
import VectorLayer from 'ol/layer/Vector';
import VectorSource from 'ol/source/Vector';
import { Fill, RegularShape, Stroke, Style, Text } from 'ol/style';
import { screen } from '../../theme/colours';
import { place } from '../order';
import { font, scale, type Mark, type Paint } from '../paint';
import type { StreetFeature } from '../streets';

function sign(mark: Mark): Style {
  const chance = mark.kind === 'chance';
  const k = scale() * (mark.chosen ? 1.25 : 1);
  return new Style({
    image: new RegularShape({
      points: chance ? 4 : 3,
      radius: (mark.label ? (chance ? 14 : 19) : chance ? 9 : 11) * k,
      displacement: [0, chance ? 0 : 1],
      fill: new Fill({ color: screen(chance ? 'good' : 'bad') }),
      stroke: new Stroke({ color: mark.chosen ? screen('ink') : screen('paper'), width: mark.chosen ? 2.5 : 1.5 }),
    }),
    text: new Text({ text: mark.label, font: font(650), fill: new Fill({ color: screen('paper') }), offsetY: chance ? 1 : 3 }),
    zIndex: mark.chosen ? 1000 : 100 - (Number(mark.label) || 0),
  });
}

export function marks(paint: Paint): { layer: VectorLayer; refresh: (streets: StreetFeature[]) => void } {
  const source = new VectorSource<Feature<Point>>();
  const layer = new VectorLayer({ source, zIndex: place('clashes'), declutter: 'signs', style: (feature) => sign(feature.get('mark') as Mark) });
  const refresh = (streets: StreetFeature[]) => {
    source.clear(true);
    source.addFeatures(
      paint.marks.filter((mark) => streets[mark.street]).map((mark) => {
        const geometry = streets[mark.street].getGeometry()!;
        const line = geometry.getType() === 'LineString' ? geometry : (geometry as import('ol/geom/MultiLineString').default).getLineString(0);
        const feature = new Feature(new Point((line as import('ol/geom/LineString').default).getFlatMidpoint()));
        feature.set('mark', mark, true);
        feature.set('row', mark.street, true);
        return feature;
      }),
    );
  };
  return { layer, refresh };
}
