// Loads per year: which rows there are, which three to show, and how their numbers are written.
import type { LoadRow, Loads } from '../api/types';
import type { City } from '../data/city';
import type { Plan } from '../data/plan';
import { unitWord } from '../texts/units';
import { euroShort, number, type Language } from '../format';

export function keyOf(row: LoadRow): string {
  return `${row.party ?? ''}|${row.resource}`;
}

/** All rows to choose from: each party's own, those of nobody (nuisance, days), and the sums of all parties. */
export function choices(loads: Loads | null): { key: string; row: LoadRow; sum: boolean }[] {
  if (!loads) return [];
  const own = loads.rows.map((row) => ({ key: keyOf(row), row, sum: false }));
  const sums = loads.sums.filter((row) => !loads.rows.some((other) => other.party === null && other.resource === row.resource));
  return [...sums.map((row) => ({ key: `sum|${row.resource}`, row, sum: true })), ...own];
}

/** How full the fullest year is. */
export function fullest(row: LoadRow): number {
  let most = 0;
  row.load.forEach((load, i) => {
    const limit = row.limit[i];
    if (load !== null && limit) most = Math.max(most, load / limit);
  });
  return most;
}

const total = (row: LoadRow) => row.load.reduce<number>((sum, load) => sum + (load ?? 0), 0);

/** The three that matter first: the money and the crews that are tightest (the largest among equals), and nuisance. */
export function firstThree(loads: Loads | null): string[] {
  const all = choices(loads);
  const tightest = (test: (resource: string) => boolean) =>
    all.filter((c) => !c.sum && test(c.row.resource)).sort((a, b) => Math.round(fullest(b.row) * 20) - Math.round(fullest(a.row) * 20) || total(b.row) - total(a.row))[0]?.key;
  const nuisance = all.find((c) => c.row.resource === 'nuisance') ?? all.find((c) => c.row.resource === 'dwelling_days');
  return [tightest((r) => r === 'budget'), tightest((r) => r.startsWith('crew')), nuisance?.key].filter((key): key is string => !!key);
}

/** In a bar: millions, thousands or the number itself, one scale for the whole row, so that 13 px fits a narrow year. */
export interface Scale {
  by: number;
  decimals: number;
  unit: string;
}

export function scaleOf(row: LoadRow, language: Language): Scale {
  const most = Math.max(1, ...row.load.map((v) => v ?? 0), ...row.limit.map((v) => v ?? 0));
  if (row.unit === 'EUR') {
    if (most >= 1e6) return { by: 1e6, decimals: 1, unit: language === 'nl' ? 'mln €' : '€M' };
    return { by: 1e3, decimals: 0, unit: language === 'nl' ? '× € 1.000' : '× €1,000' };
  }
  if (most >= 10_000) return { by: 1e3, decimals: most >= 100_000 ? 0 : 1, unit: `× ${language === 'nl' ? '1.000' : '1,000'} ${unitWord(row.unit)}` };
  return { by: 1, decimals: 0, unit: unitWord(row.unit) };
}

export function inBar(value: number | null, scale: Scale, language: Language): string {
  return value === null ? '?' : number(value / scale.by, language, scale.decimals);
}

export function inFull(value: number | null, row: LoadRow, language: Language): string {
  return row.unit === 'EUR' ? euroShort(value, language) : `${number(value, language)} ${unitWord(row.unit)}`;
}

/** The loads as they would be with these works in another year: own sums of the browser, until the server knows better. */
export function shifted(loads: Loads, city: City, plan: Plan, works: number[], from: number, to: number): Loads {
  const [i, j] = [loads.periods.indexOf(from), loads.periods.indexOf(to)];
  if (i < 0 || j < 0) return loads;
  const change = (row: LoadRow): LoadRow => {
    const moved = works.reduce((sum, work) => sum + part(row, city, plan, work), 0);
    if (!moved) return row;
    const load = [...row.load];
    load[i] = Math.max(0, (load[i] ?? 0) - moved);
    load[j] = (load[j] ?? 0) + moved;
    return { ...row, load };
  };
  return { ...loads, rows: loads.rows.map(change), sums: loads.sums.map(change) };
}

/** What one work takes of a resource: its cash, or its days when the crew is of its discipline. */
function part(row: LoadRow, city: City, plan: Plan, work: number): number {
  if (row.party !== null && row.party !== city.works.party[work]) return 0;
  const amount = row.resource === 'budget' ? plan.cash[work] : row.resource === `crew:${city.works.discipline[work]}` ? city.works.duration[work] : 0;
  return Number.isNaN(amount) ? 0 : amount;
}
