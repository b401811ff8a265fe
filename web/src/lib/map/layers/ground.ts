// What lies under everything: green, water, paving, buildings and trees, from the tiles of the assets.
import VectorTileLayer from 'ol/layer/VectorTile';
import type VectorTileSource from 'ol/source/VectorTile';
import type RenderFeature from 'ol/render/Feature';
import { Circle, Fill, Stroke, Style } from 'ol/style';
import { colour, screen } from '../../theme/colours';
import { place, type LayerName } from '../order';
import { COARSEST, type Paint } from '../paint';

const fills: [string[], LayerName, string][] = [
  [['green'], 'green', 'map.park'],
  [['surface_water'], 'water', 'map.water'],
  [['road'], 'surface', 'map.street'],
  [['building'], 'buildings', 'map.building'],
];

export function ground(source: VectorTileSource, paint: Paint): VectorTileLayer {
  const byNetwork = new Map<string, Style>();
  for (const [networks, layer, name] of fills) {
    const edge = colour(name).casing;
    const stroke = edge ? new Stroke({ color: edge, width: 0.6 }) : undefined;
    const style = new Style({ fill: new Fill({ color: screen(name) }), stroke, zIndex: place(layer) });
    for (const network of networks) byNetwork.set(network, style);
  }
  const tree = new Style({ image: new Circle({ radius: 2.4, fill: new Fill({ color: screen('map.tree') }) }), zIndex: place('trees') });
  return new VectorTileLayer({
    source,
    zIndex: place('ground'),
    maxResolution: COARSEST,
    renderBuffer: 32,
    style: (feature, resolution) => {
      const network = paint.city?.kindNetwork(feature.get('kind') as string) ?? 'other';
      const type: string = (feature as RenderFeature).getType();
      if (type === 'Polygon' || type === 'MultiPolygon') return byNetwork.get(network);
      return network === 'green' && type === 'Point' && resolution < 1.8 ? tree : undefined;
    },
  });
}
