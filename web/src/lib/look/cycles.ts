// Life cycles: where each row of the picture lies on the axis of years. Drawn by Cycles.svelte, tested without a screen.
import type { CardAsset } from '../api/types';

export interface Cycle {
  id: string;
  code: string;
  kind: string;
  title: string;
  built: number | null;
  low: number | null;
  high: number | null;
  placeholder: boolean;
  count: number;
}

/** One row per kind and age, the earliest end first; at most `most` rows. Assets alike are one row with a count. */
export function cyclesOf(assets: CardAsset[], most: number): Cycle[] {
  const rows = new Map<string, Cycle>();
  for (const asset of assets) {
    const key = `${asset.kind}|${asset.yearBuilt ?? '?'}|${asset.end?.low ?? ''}|${asset.end?.high ?? ''}`;
    const held = rows.get(key);
    if (held) held.count++;
    else {
      rows.set(key, {
        id: asset.id, code: asset.code, kind: asset.kind, title: asset.title, built: asset.yearBuilt, low: asset.end?.low ?? null,
        high: asset.end?.high ?? null, placeholder: asset.end?.status === 'placeholder', count: 1,
      });
    }
  }
  return [...rows.values()].sort((a, b) => (a.low ?? 9999) - (b.low ?? 9999)).slice(0, most);
}

/** The years of the axis, on round decades. */
export function axisOf(rows: Cycle[], now: number): { from: number; to: number; ticks: number[] } {
  const starts = rows.map((row) => row.built).filter((year): year is number => year !== null);
  const ends = rows.map((row) => row.high).filter((year): year is number => year !== null);
  const from = Math.floor(Math.max(now - 90, Math.min(now - 20, ...starts)) / 10) * 10;
  const to = Math.ceil(Math.min(now + 60, Math.max(now + 20, ...ends)) / 10) * 10;
  const step = to - from > 100 ? 20 : 10;
  const ticks = [];
  for (let year = Math.ceil(from / step) * step; year <= to; year += step) ticks.push(year);
  return { from, to, ticks };
}
