// Drawing an area by hand: press, draw around the streets, let go; also when one ends exactly where one began.
import PointerInteraction from 'ol/interaction/Pointer';
import type { Ring } from '../stores/selection.svelte';

const LEAST = 3;

export function lasso(changed: (ring: Ring) => void, done: (ring: Ring) => void): PointerInteraction {
  let ring: Ring = [];
  const add = ([x, y]: number[]) => {
    ring = [...ring, [x, y]];
  };
  return new PointerInteraction({
    handleDownEvent: (event) => {
      ring = [];
      add(event.coordinate);
      return true;
    },
    handleDragEvent: (event) => {
      add(event.coordinate);
      changed([...ring, ring[0]]);
    },
    handleUpEvent: () => {
      if (ring.length >= LEAST) done([...ring, ring[0]]);
      return false;
    },
  });
}
