// Claims: room that was asked (dotted) or is reserved (a firm double line), with the sign of the verdict at its middle.
import MultiLineString from 'ol/geom/MultiLineString';
import Point from 'ol/geom/Point';
import { Fill, Stroke, Style, Text } from 'ol/style';
import { screen } from '../../theme/colours';
import { font, scale } from '../paint';
import { told, type ToldLayer } from '../told';

export const CLAIM_COLUMNS = ['id', 'name', 'kind', 'party', 'street', 'status', 'period_from', 'period_to', 'geometry'];

export function claims(): ToldLayer {
  return told('claims', (table, row, resolution) => {
    const reserved = table.text('status')[row] === 'reserved';
    const k = scale();
    const colour = screen('accent');
    const out = [new Style({ stroke: new Stroke({ color: '#fff', width: 9 * k }) }), new Style({ stroke: new Stroke({ color: colour, width: (reserved ? 5 : 3.5) * k, lineDash: reserved ? undefined : [2 * k, 4 * k] }) })];
    if (reserved) out.push(new Style({ stroke: new Stroke({ color: '#fff', width: 1.6 * k }) }));
    if (resolution < 1.6) {
      out.push(new Style({
        geometry: (feature) => new Point((feature.getGeometry() as MultiLineString).getLineString?.(0)?.getFlatMidpoint?.() ?? [0, 0]),
        text: new Text({ text: reserved ? 'R' : 'C', font: font(650), padding: [2, 5, 1, 5], fill: new Fill({ color: '#fff' }), backgroundFill: new Fill({ color: colour }), backgroundStroke: new Stroke({ color: '#fff', width: 1.5 }) }),
      }));
    }
    return out;
  });
}
