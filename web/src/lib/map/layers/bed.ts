// The bed of every street: white with an edge, in metres, so that the town reads at every zoom, also without tiles.
import VectorImageLayer from 'ol/layer/VectorImage';
import type VectorSource from 'ol/source/Vector';
import { Stroke, Style } from 'ol/style';
import { colour } from '../../theme/colours';
import { place } from '../order';

const METRES = 8.5;

export function bed(source: VectorSource): VectorImageLayer {
  const { screen, casing } = colour('map.street');
  return new VectorImageLayer({
    source,
    zIndex: place('street-bed'),
    imageRatio: 1.5,
    style: (_, resolution) => {
      const width = Math.max(1.6, METRES / resolution);
      return [
        new Style({ stroke: new Stroke({ color: casing, width: width + 1.4 }), zIndex: 0 }),
        new Style({ stroke: new Stroke({ color: screen, width }), zIndex: 1 }),
      ];
    },
  });
}
