// The rows of the timeline: works grouped by street, district, party or programme line.
import type { City } from '../data/city';
import type { Plan } from '../data/plan';

export type Grouping = 'street' | 'area' | 'party' | 'line';
export type Order = 'first' | 'name' | 'works';

export interface Group {
  key: string;
  label: string;
  works: number[];
  /** Span of all windows. */
  earliest: number;
  latest: number;
  /** The works that were given each year, soonest first. */
  given: [period: number, works: number[]][];
  fixed: boolean;
  /** Works without a year in the programme. */
  without: number;
}

/** One line of the drawing: a closed or open row, or the lane of one work beneath it. */
export type Line = { kind: 'row'; group: Group } | { kind: 'lane'; group: Group; work: number };

function keyOf(city: City, work: number, by: Grouping): [key: string, label: string] | null {
  const { works, streets } = city;
  if (by === 'party') return [works.party[work] ?? '', city.partyName.get(works.party[work] ?? '') ?? '?'];
  if (by === 'line') return [works.discipline[work] ?? '', city.listWord('works.discipline', works.discipline[work]) || (works.discipline[work] ?? '?')];
  const street = works.street[work];
  if (street < 0) return ['-', '–'];
  if (by === 'area') return [streets.area[street] ?? '-', city.areaName.get(streets.area[street] ?? '') ?? '–'];
  const place = city.placeOfStreet[street];
  return [`p${place}`, city.places[place].name];
}

export function groupsOf(city: City, plan: Plan, by: Grouping, order: Order, only: ReadonlySet<number> | null = null): Group[] {
  const groups = new Map<string, Group>();
  const count = city.works.id.length;
  for (let work = 0; work < count; work++) {
    if (only && !only.has(work)) continue;
    const key = keyOf(city, work, by);
    if (!key) continue;
    let group = groups.get(key[0]);
    if (!group) {
      group = { key: key[0], label: key[1], works: [], earliest: Infinity, latest: -Infinity, given: [], fixed: false, without: 0 };
      groups.set(key[0], group);
    }
    group.works.push(work);
  }
  const out = [...groups.values()];
  for (const group of out) summarise(group, city, plan);
  return sorted(out, order);
}

function summarise(group: Group, city: City, plan: Plan): void {
  const { earliest, latest, fixed } = city.works;
  const given = new Map<number, number[]>();
  for (const work of group.works) {
    if (earliest[work] < group.earliest) group.earliest = earliest[work];
    if (latest[work] > group.latest) group.latest = latest[work];
    if (!Number.isNaN(fixed[work])) group.fixed = true;
    const period = plan.period[work];
    if (!period) group.without++;
    else if (given.has(period)) given.get(period)!.push(work);
    else given.set(period, [work]);
  }
  group.given = [...given].sort((a, b) => a[0] - b[0]);
}

function sorted(groups: Group[], order: Order): Group[] {
  const names = new Intl.Collator('nl');
  const first = (group: Group) => group.given[0]?.[0] ?? 9999;
  if (order === 'name') return groups.sort((a, b) => names.compare(a.label, b.label));
  if (order === 'works') return groups.sort((a, b) => b.works.length - a.works.length || names.compare(a.label, b.label));
  return groups.sort((a, b) => first(a) - first(b) || names.compare(a.label, b.label));
}

/** Rows with the lanes of those that are open: by year, those without a year last. */
export function linesOf(groups: Group[], open: ReadonlySet<string>, plan: Plan): Line[] {
  const out: Line[] = [];
  for (const group of groups) {
    out.push({ kind: 'row', group });
    if (!open.has(group.key)) continue;
    const lanes = [...group.works].sort((a, b) => (plan.period[a] || 9999) - (plan.period[b] || 9999) || a - b);
    for (const work of lanes) out.push({ kind: 'lane', group, work });
  }
  return out;
}
