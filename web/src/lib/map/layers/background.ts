// The background map of PDOK, in the same squares of RD New as our own tiles. Only when the server was started with it and the
// reader switches it on: nothing is asked of another host before that, and the policy of the page forbids it.
import TileLayer from 'ol/layer/Tile';
import type Projection from 'ol/proj/Projection';
import XYZ from 'ol/source/XYZ';
import TileGrid from 'ol/tilegrid/TileGrid';
import { place } from '../order';

const ADDRESS = 'https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:28992/{z}/{x}/{y}.png';
export const CREDIT = 'Kadaster / PDOK, CC BY 4.0';

export function background(projection: Projection, tileGrid: TileGrid, failed: () => void): { layer: TileLayer<XYZ>; show: (on: boolean) => void } {
  const layer = new TileLayer<XYZ>({ zIndex: place('background'), visible: false });
  const show = (on: boolean) => {
    if (on && !layer.getSource()) {
      const source = new XYZ({ url: ADDRESS, projection, tileGrid, attributions: CREDIT });
      source.on('tileloaderror', failed);
      layer.setSource(source);
    }
    layer.setVisible(on);
  };
  return { layer, show };
}
