// Keys that work everywhere. Keys of one drawing or list stand in that component.
import { tick } from 'svelte';
import { printNow } from './printing';
import { study } from './stores/study.svelte';
import { selection } from './stores/selection.svelte';
import { MODES, ui } from './stores/ui.svelte';
import { drag } from './timeline/drag.svelte';

function typing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return !!element?.closest?.('input, textarea, select, [contenteditable]');
}

/** The next or previous region: each mode marks its regions with data-region. */
export function nextRegion(step: number): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter((r) => r.offsetParent !== null);
  if (!regions.length) return;
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(at + step + regions.length) % regions.length];
  const first = (selector: string) => next.querySelector<HTMLElement>(selector);
  const target = first('[data-drawing]') ?? first('[tabindex="0"], button:not(:disabled), a[href], input, select') ?? next;
  target.focus();
}

export function shiftYear(step: number): void {
  const years = study.periods;
  const at = years.indexOf(ui.year);
  const next = years[Math.min(Math.max(at + step, 0), years.length - 1)];
  if (next) ui.year = next;
}

function escape(): void {
  if (drag.active) drag.cancel();
  else if (ui.search) ui.search = false;
  else if (ui.help) ui.help = false;
  else selection.clear();
}

/** The form for many works at once, with the hand on its first choice. */
async function openBulk(): Promise<void> {
  if (ui.mode !== 'programme' || selection.works.size < 2) return;
  ui.panel = ui.bulk = true;
  await tick();
  document.querySelector<HTMLElement>('[data-bulk] select')?.focus();
}

const letters: Record<string, () => void> = {
  '/': () => (ui.search = true),
  '?': () => (ui.help = true),
  t: () => (ui.twin = !ui.twin),
  b: () => void openBulk(),
  i: () => (ui.panel = !ui.panel),
  p: () => void printNow(),
  '[': () => shiftYear(-1),
  ']': () => shiftYear(1),
  w: () => document.querySelector<HTMLElement>('[data-why]')?.focus(),
};

function control(event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  if (key === 'z' && !event.shiftKey) void study.undo().catch(() => undefined);
  else if (key === 'y' || (key === 'z' && event.shiftKey)) void study.redo().catch(() => undefined);
  else return false;
  return true;
}

export function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  let done = false;
  if (event.key === 'F6') {
    nextRegion(event.shiftKey ? -1 : 1);
    done = true;
  } else if (event.key === 'Escape') {
    escape();
  } else if ((event.ctrlKey || event.metaKey) && !typing(event.target)) {
    done = control(event);
  } else if (!event.altKey && ui.letters && !typing(event.target)) {
    const mode = MODES[Number(event.key) - 1];
    if (mode) ui.setMode(mode);
    else letters[event.key.length === 1 ? event.key.toLowerCase() : '']?.();
    done = !!mode || event.key.toLowerCase() in letters;
  }
  if (done) event.preventDefault();
}
