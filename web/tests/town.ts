// A tiny town, written by hand, for tests: two streets of three sections, four works.
import { City } from '../src/lib/data/city';
import { Table } from '../src/lib/data/columns';
import { Plan } from '../src/lib/data/plan';
import type { RawColumn, Words } from '../src/lib/api/types';

type Values = (string | number | boolean | null)[];

export function table(name: string, columns: Record<string, Values>, geometry?: RawColumn): Table {
  const rows = Object.values(columns)[0].length;
  const made = Object.fromEntries(Object.entries(columns).map(([key, values]) => [key, { type: typeof values.find((v) => v !== null) === 'number' ? 'float' : 'text', values } as RawColumn]));
  return new Table({ table: name, revision: '1', rows, columns: geometry ? { ...made, geometry } : made });
}

export const words: Words = {
  kinds: [
    { kind: 'gravity_sewer', title: 'vrijvervalriool', code: 'RI', network: 'sewer', discipline: 'sewer', geometry: 'line' },
    { kind: 'water_main', title: 'waterleiding', code: 'WA', network: 'water', discipline: 'water', geometry: 'line' },
  ],
  lists: { 'works.discipline': { sewer: 'riool', water: 'drinkwater' } },
  codes: { sewer: { code: 'RI', network: 'sewer' } },
};

const streets = table(
  'streets',
  { id: ['s1', 's2', 's3'], name: ['Kerkstraat', 'Kerkstraat', null], area: ['a', 'a', 'b'], length: [100, 50, 30] },
  { type: 'geometry', resolution: 0.1, origin: [1000, 2000], kinds: [2, 2, 2], parts: [1, 1, 1], points: [2, 2, 2], coords: [0, 0, 1000, 0, 1000, 0, 500, 0, 0, 500, 0, 300] },
);
const works = table('works', {
  id: ['w1', 'w2', 'w3', 'w4'], name: ['Riool Kerkstraat', 'Water Kerkstraat', 'Riool achterom', 'Riool Kerkstraat'], party: ['p1', 'p2', 'p1', 'p1'],
  kind: ['gravity_sewer', 'water_main', null, 'gravity_sewer'], discipline: ['sewer', 'water', 'sewer', 'sewer'], street: ['s1', 's1', 's3', 's2'],
  earliest: [2028, 2027, 2030, 2040], preferred: [2029, 2031, 2031, 2045], latest: [2032, 2033, 2036, 2050], fixed: [null, 2029, null, null], cost: [100, 50, 20, 10],
});
const areas = table('areas', { id: ['a', 'b'], name: ['Centrum', 'Oost'] });
const parties = [{ id: 'p1', name: 'Riolering', role: null, works: 3 }, { id: 'p2', name: 'Vechtwater', role: null, works: 1 }];

export const city = new City(streets, works, areas, parties, words, 'Straat zonder naam');
export const plan = new Plan(
  city,
  table('programme', { work: ['w2', 'w1', 'w3', 'w4'], period: [2029, 2029, 2031, null], status: ['committed', 'programmed', 'programmed', 'later'], opening: ['o1', 'o1', 'o2', null], cash: [40, 90, 20, null] }),
  table('openings', { id: ['o1', 'o2'], street: ['s1', 's3'], period: [2029, 2031], works: [2, 1], parties: [2, 1], days: [10, 5], cost: [1, 1], nuisance: [1, 1], saved: [5, 0] }),
);
