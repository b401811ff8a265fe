// Districts and task areas: an outline with its name; a task area is filled lightly as well.
import { Fill, Stroke, Style, Text } from 'ol/style';
import { screen } from '../../theme/colours';
import { font, scale } from '../paint';
import { told, type ToldLayer } from '../told';

export const AREA_COLUMNS = ['id', 'name', 'level', 'geometry'];
const PLAIN = new Set(['city', 'district', 'neighbourhood', 'wijk', 'buurt', 'municipality']);

export function areas(): ToldLayer {
  return told('areas', (table, row) => {
    const level = table.text('level')[row] ?? '';
    if (level === 'city' || level === 'municipality') return undefined;
    const task = !PLAIN.has(level);
    return new Style({
      stroke: new Stroke({ color: screen(task ? 'accent' : 'ink-3'), width: (task ? 2.4 : 1.4) * scale(), lineDash: task ? undefined : [10, 5] }),
      fill: new Fill({ color: task ? `${screen('accent')}1a` : '#ffffff01' }),
      text: new Text({ text: table.text('name')[row] ?? '', font: font(650, 15), fill: new Fill({ color: screen('ink-2') }), stroke: new Stroke({ color: '#fff', width: 4 }), overflow: true }),
    });
  });
}
