// Loads per year: which rows there are, which three to show, and how their numbers are written.
import type { LoadRow, Loads } from '../api/types';
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
  if (most >= 10_000) return { by: 1e3, decimals: most >= 100_000 ? 0 : 1, unit: `× ${language === 'nl' ? '1.000' : '1,000'} ${row.unit}` };
  return { by: 1, decimals: 0, unit: row.unit };
}

export function inBar(value: number | null, scale: Scale, language: Language): string {
  return value === null ? '?' : number(value / scale.by, language, scale.decimals);
}

export function inFull(value: number | null, row: LoadRow, language: Language): string {
  return row.unit === 'EUR' ? euroShort(value, language) : `${number(value, language)} ${row.unit}`;
}
