// Street names along the street, and the labels of the openings of the chosen year. Labels never lie on labels.
import Feature from 'ol/Feature';
import type LineString from 'ol/geom/LineString';
import Point from 'ol/geom/Point';
import VectorLayer from 'ol/layer/Vector';
import VectorSource from 'ol/source/Vector';
import { Fill, Stroke, Style, Text } from 'ol/style';
import { shortYear } from '../../format';
import { screen, yearColour } from '../../theme/colours';
import { place } from '../order';
import { font, type Paint } from '../paint';
import { nameFeatures, type StreetFeature } from '../streets';

export function names(paint: Paint) {
  const source = new VectorSource<Feature<LineString>>();
  const layer = new VectorLayer({
    source,
    zIndex: place('street-names'),
    maxResolution: 2.6,
    declutter: 'labels',
    style: (feature) => {
      const at = feature.get('place') as number;
      const held = paint.city?.places[at];
      if (!held) return undefined;
      const bold = held.streets.some((street) => paint.selected.has(street));
      return new Style({
        text: new Text({
          text: held.name, font: font(bold ? 650 : 450), placement: 'line', maxAngle: 0.6,
          fill: new Fill({ color: screen('ink') }), stroke: new Stroke({ color: '#F8F7F3', width: 4 }),
        }),
        zIndex: bold ? 2 : 1,
      });
    },
  });
  return { layer, refresh: () => { source.clear(true); if (paint.city) source.addFeatures(nameFeatures(paint.city)); } };
}

/** ’29 · 5: year and number of works, at the openings of the chosen year. */
export function openingLabels(paint: Paint) {
  const source = new VectorSource<Feature<Point>>();
  const layer = new VectorLayer({
    source,
    zIndex: place('opening-labels'),
    maxResolution: 1.6,
    declutter: 'labels',
    style: (feature) => {
      const colour = yearColour(paint.year, paint.first, paint.periods);
      return new Style({
        text: new Text({
          text: feature.get('label') as string, font: font(650), padding: [3, 5, 2, 5], fill: new Fill({ color: colour.on }),
          backgroundFill: new Fill({ color: colour.screen }), backgroundStroke: new Stroke({ color: screen('paper'), width: 1.5 }),
        }),
      });
    },
  });
  const refresh = (streets: StreetFeature[]) => {
    source.clear(true);
    const { city, plan } = paint;
    if (!city || !plan || paint.theme !== 'years') return;
    const made: Feature<Point>[] = [];
    plan.openings.period.forEach((period, opening) => {
      const street = plan.openings.street[opening];
      if (period !== paint.year || street < 0) return;
      const line = streets[street].getGeometry()!;
      const feature = new Feature(new Point(line.getClosestPoint(middle(line.getExtent()))));
      feature.set('label', `${shortYear(period)} · ${plan.openings.works[opening]}`, true);
      made.push(feature);
    });
    source.addFeatures(made);
  };
  return { layer, refresh };
}

const middle = ([x0, y0, x1, y1]: number[]): number[] => [(x0 + x1) / 2, (y0 + y1) / 2];
