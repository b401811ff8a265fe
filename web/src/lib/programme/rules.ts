// Fix, forbid, together, apart: what the buttons and the keys V X S A do with the selection.
import type { Action } from '../api/types';
import { attempt } from '../parts/attempt.svelte';
import { live } from '../stores/live.svelte';
import { selection } from '../stores/selection.svelte';
import { study } from '../stores/study.svelte';
import { ui } from '../stores/ui.svelte';
import { t } from '../texts';

const ids = (): string[] => [...selection.works];

/** The works that one means: those of the opening or work in focus, else those of the year on the map, else all chosen. */
export function focusedWorks(): number[] {
  const { city, plan } = study;
  if (!city || !plan) return [];
  const works = ids().map((id) => city.works.index.get(id) ?? -1).filter((work) => work >= 0);
  const focus = selection.focus ?? '';
  const inFocus = focus.startsWith('opening:') ? plan.worksOf(focus) : works.filter((work) => city.works.id[work] === focus);
  const inYear = works.filter((work) => plan.period[work] === ui.year);
  return inFocus.length ? inFocus : inYear.length ? inYear : works;
}

/** The year that fixing means: that of the dearest work in focus, else the year on the map. */
export function yearInFocus(): number {
  const { city, plan } = study;
  const works = focusedWorks();
  if (!city || !plan || !works.length) return ui.year;
  const anchor = works.reduce((best, work) => (city.works.cost[work] > city.works.cost[best] ? work : best));
  return plan.period[anchor] || ui.year;
}

/** The works in focus that share that year, as ids. */
export function idsInFocus(): string[] {
  const { city, plan } = study;
  if (!city || !plan) return [];
  const works = focusedWorks();
  const same = works.filter((work) => plan.period[work] === yearInFocus());
  return (same.length ? same : works).map((work) => city.works.id[work]);
}

export async function change(actions: Action[], why = ''): Promise<boolean> {
  const done = await attempt(() => study.edit(actions, why), (choice) => study.edit(actions, why, { onConflict: choice }));
  if (done && study.last) live.tell(study.last.words);
  return done;
}

export async function rule(key: string, openLimit: (year: number) => void): Promise<void> {
  const works = ids();
  if (key === 'g') return openLimit(ui.year);
  if (!works.length || study.info?.readOnly) return;
  if (key === 'v') await change([{ do: 'fix', works: idsInFocus(), period: yearInFocus() }]);
  else if (key === 'x') await change([{ do: 'forbid', works: idsInFocus(), period: yearInFocus() }]);
  else if (works.length < 2) live.tell(t('togetherNeeds'));
  else await change([{ do: key === 's' ? 'keep-together' : 'keep-apart', works }]);
}
