// Printing: the figures are read first, so that they stand on the third sheet; then the browser prints what is on the page.
import { flushSync, tick } from 'svelte';
import { api } from './api/client';
import type { Figure } from './api/types';
import { ui } from './stores/ui.svelte';

let held: Figure[] = [];

/** The figures that the study leans on, as far as they have been read. */
export const figures = (): Figure[] => held;

export async function readFigures(): Promise<void> {
  const told = await api.figures().catch(() => null);
  if (told) held = told.figures.filter((figure) => figure.used > 0).sort((a, b) => b.used - a.used);
}

export async function printNow(): Promise<void> {
  await readFigures();
  ui.printing = true;
  await tick();
  window.print();
}

/** Also when the browser itself was told to print. */
export function beforePrint(): void {
  if (!ui.printing) flushSync(() => (ui.printing = true));
}

export function afterPrint(): void {
  ui.printing = false;
}
