// The layers that a reader may switch on over any map: each is read the first time that somebody asks for it.
import { chanceLines, CHANCE_COLUMNS, clashLines, CLASH_COLUMNS, ordered } from '../find/lines';
import { study } from '../stores/study.svelte';
import { ui } from '../stores/ui.svelte';
import type { Key } from '../texts';
import type { CityMap, Told } from './city_map';
import { AREA_COLUMNS } from './layers/areas';
import { CLAIM_COLUMNS } from './layers/claims';
import { PAST_COLUMNS } from './layers/past';
import { PLAN_COLUMNS } from './layers/plans';
import { VOICE_COLUMNS } from './layers/voices';
import type { Mark } from './paint';

const MOST = 300; // signs on the map: the most valuable and the gravest

export const TOLD: [Told, string, string[], Key][] = [
  ['plans', 'plans', PLAN_COLUMNS, 'layerPlans'], ['claims', 'claims', CLAIM_COLUMNS, 'layerClaims'], ['areas', 'areas', AREA_COLUMNS, 'layerAreas'],
  ['past', 'openings_past', PAST_COLUMNS, 'layerPast'], ['voices', 'contributions', VOICE_COLUMNS, 'layerVoices'],
];

export function showTold(map: CityMap): void {
  for (const [name, table, columns] of TOLD) {
    if (!ui.layers[name]) map.show(name, null);
    else void study.table(table, columns).then((rows) => ui.layers[name] && map.show(name, rows)).catch(() => undefined);
  }
}

/** Opportunities and clashes that nobody has settled, as signs without a number. */
export async function openMarks(): Promise<Mark[]> {
  const { city } = study;
  if (!city || (!ui.layers.chances && !ui.layers.clashes)) return [];
  const [chances, clashes] = await Promise.all([
    ui.layers.chances ? study.table('opportunities', CHANCE_COLUMNS) : null, ui.layers.clashes ? study.table('clashes', CLASH_COLUMNS) : null,
  ]);
  const lines = [...(chances ? chanceLines(city, chances) : []), ...(clashes ? clashLines(city, clashes) : [])];
  return ordered(lines.filter((line) => line.street >= 0 && (line.verdict === 'new' || line.verdict === 'real'))).slice(0, MOST)
    .map((line) => ({ street: line.street, kind: line.kind, label: '', chosen: false }));
}
