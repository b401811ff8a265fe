// *Try this*: the changes go into a new scenario, so that the one at hand stays as it is.
import { api, session } from '../api/client';
import type { Action } from '../api/types';
import { attempt } from '../parts/attempt.svelte';
import { study } from '../stores/study.svelte';
import { t } from '../texts';

export async function tryIn(actions: Action[]): Promise<void> {
  await attempt(async () => {
    const from = session.scenario;
    const n = (study.info?.scenarios.length ?? 0) + 1;
    const made = await api.newScenario(t('tryName', { n }), from);
    await study.setScenario(made.id);
    await study.edit(actions);
    const name = from === null ? t('base') : (study.info?.scenarios.find((s) => s.id === from)?.name ?? '');
    await study.setGhost(from, name);
  });
}
