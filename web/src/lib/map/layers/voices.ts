// What residents and partners brought in: a round mark at its place.
import { Circle, Fill, Stroke, Style, Text } from 'ol/style';
import { screen } from '../../theme/colours';
import { font, scale } from '../paint';
import { told, type ToldLayer } from '../told';

export const VOICE_COLUMNS = ['id', 'name', 'theme', 'street', 'answer', 'geometry'];

export function voices(): ToldLayer {
  return told('markers', () => new Style({
    image: new Circle({ radius: 9 * scale(), fill: new Fill({ color: screen('ink') }), stroke: new Stroke({ color: '#fff', width: 2 }) }),
    text: new Text({ text: '“', font: font(650, 18), offsetY: 5 * scale(), fill: new Fill({ color: '#fff' }) }),
  }));
}
