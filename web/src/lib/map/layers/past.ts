// Earlier openings of streets: the more recent, the darker.
import { Stroke, Style } from 'ol/style';
import { RAMP } from '../../theme/colours';
import { scale, type Paint } from '../paint';
import { told, type ToldLayer } from '../told';

export const PAST_COLUMNS = ['id', 'name', 'street', 'party', 'year', 'geometry'];

export function past(paint: Paint): ToldLayer {
  return told('openings-past', (table, row) => {
    const years = paint.first - table.number('year')[row];
    const step = Number.isNaN(years) ? 0 : years <= 2 ? 4 : years <= 5 ? 3 : years <= 10 ? 2 : 1;
    return new Style({ stroke: new Stroke({ color: RAMP[step], width: 6 * scale(), lineDash: [3, 3] }), zIndex: step });
  });
}
