// Where another scenario opens a street in the chosen year and this one does not: a dashed outline.
import VectorLayer from 'ol/layer/Vector';
import type VectorSource from 'ol/source/Vector';
import { Stroke, Style } from 'ol/style';
import { screen } from '../../theme/colours';
import { place } from '../order';
import type { Paint } from '../paint';
import { rowOf } from '../streets';

export function ghost(source: VectorSource, paint: Paint): VectorLayer {
  const styles = [-6, 6].map((offset) => new Style({ stroke: new Stroke({ color: screen('ink-2'), width: 1.5, lineDash: [4, 3], offset }) }));
  return new VectorLayer({
    source,
    zIndex: place('ghost'),
    style: (feature) => {
      const { city, ghost: other, year } = paint;
      if (!city || !other || paint.theme !== 'years') return undefined;
      const there = other.openingsOf(city, rowOf(feature)).some((opening) => other.openings.period[opening] === year);
      const here = paint.plan?.openingsOf(city, rowOf(feature)).some((opening) => paint.plan!.openings.period[opening] === year);
      return there && !here ? styles : undefined;
    },
  });
}
