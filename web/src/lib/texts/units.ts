// Units of the study as people write them. A unit that is not here is shown as the study has it.
import { ui } from '../stores/ui.svelte';
import type { Pairs } from './pair';

export const units: Pairs = {
  EUR: ['€', '€'],
  'EUR present value': ['€ contante waarde', '€ present value'],
  count: ['aantal', 'number'],
  day: ['dagen', 'days'],
  'working days': ['werkdagen', 'working days'],
  'dwelling-day': ['woningdagen', 'dwelling days'],
  '0-5': ['0–5', '0–5'],
  'area-year': ['buurtjaren', 'district years'],
  'dwelling-day x class': ['woningdagen × klasse', 'dwelling days × class'],
  'dwelling-year': ['woningjaren', 'dwelling years'],
  'line-year': ['lijnjaren', 'line years'],
  minute: ['minuten', 'minutes'],
  'vehicle-km': ['voertuigkilometers', 'vehicle kilometres'],
  dwelling: ['woningen', 'dwellings'],
  year: ['jaar', 'years'],
  '0-1': ['aandeel', 'share'],
};

export function unitWord(unit: string): string {
  return units[unit]?.[ui.language === 'nl' ? 0 : 1] ?? unit;
}

/** A party in a narrow column: the name of the organisation by its first word, the department in full. */
export function shortParty(name: string): string {
  return name.replace(/(Gemeente|Provincie|Waterschap|Municipality|Province) [^,]+, /, '$1, ');
}
