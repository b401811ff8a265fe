// Plans: a dashed line in the colour of what it is about beside the street, or an area; ideas are thinner.
import { Fill, Stroke, Style } from 'ol/style';
import { network } from '../../theme/colours';
import { scale, type Paint } from '../paint';
import { told, type ToldLayer } from '../told';

export const PLAN_COLUMNS = ['id', 'name', 'kind', 'party', 'street', 'earliest', 'latest', 'phase', 'geometry'];

export function plans(paint: Paint): ToldLayer {
  return told('plans', (table, row) => {
    const colour = network(paint.city?.kindNetwork(table.text('kind')[row]));
    const k = scale() * (table.text('phase')[row] === 'idea' ? 0.7 : 1);
    const casing = new Style({ stroke: new Stroke({ color: '#fff', width: 8 * k }), zIndex: 0 });
    return [casing, new Style({ stroke: new Stroke({ color: colour.casing || colour.screen, width: 4.5 * k, lineDash: [10 * k, 6 * k], lineCap: 'butt' }), fill: new Fill({ color: `${colour.screen}26` }), zIndex: 1 })];
  });
}
