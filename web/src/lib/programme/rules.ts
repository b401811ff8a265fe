// Fix, forbid, together, apart: what the buttons and the keys V X S A do with the selection.
import type { Action } from '../api/types';
import { attempt } from '../parts/attempt.svelte';
import { live } from '../stores/live.svelte';
import { selection } from '../stores/selection.svelte';
import { study } from '../stores/study.svelte';
import { ui } from '../stores/ui.svelte';
import { t } from '../texts';

const ids = (): string[] => [...selection.works];

/** The year that fixing means: the one all chosen works have, else the year on the map. */
export function yearOfSelection(): number {
  const { city, plan } = study;
  if (!city || !plan) return ui.year;
  const years = new Set(ids().map((id) => plan.period[city.works.index.get(id) ?? -1]).filter(Boolean));
  return years.size === 1 ? [...years][0] : ui.year;
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
  if (key === 'v') await change([{ do: 'fix', works, period: yearOfSelection() }]);
  else if (key === 'x') await change([{ do: 'forbid', works, period: yearOfSelection() }]);
  else if (works.length < 2) live.tell(t('togetherNeeds'));
  else await change([{ do: key === 's' ? 'keep-together' : 'keep-apart', works }]);
}
