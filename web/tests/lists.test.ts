import { describe, expect, test } from 'vitest';
import { chanceLines, clashLines, ordered } from '../src/lib/find/lines';
import { axisOf, cyclesOf } from '../src/lib/look/cycles';
import { choices, firstThree, inBar, scaleOf } from '../src/lib/programme/load';
import { city, table } from './town';
import type { CardAsset, LoadRow } from '../src/lib/api/types';

describe('the triage list', () => {
  const chances = table('opportunities', {
    id: ['k1', 'k2', 'k3'], street: ['s1', 's2', 's3'], works: [2, 3, 2], parties: [2, 2, 1], saving: [500, 900, null], moving_cost: [100, 0, null], net_saving: [400, 900, null],
    period: [2029, 2030, 2031], period_from: [2028, 2030, 2031], period_to: [2030, 2031, 2031], sharing: [3, 3, 1], verdict: [null, 'real', null],
  });
  const clashes = table('clashes', { id: ['c1', 'c2'], rule: ['order', 'rest_period'], street: ['s1', 's1'], period: [2030, 2028], severity: ['low', 'high'], amount: [3, 2], sharing: [3, 3] });
  const lines = [...chanceLines(city, chances), ...clashLines(city, clashes)];
  test('value, parts and verdict of a row', () => {
    expect(lines[0]).toMatchObject({ name: 'Kerkstraat', value: 400, verdict: 'new', parts: [{ key: 'saving', amount: 500 }, { key: 'moving', amount: -100 }] });
    expect(lines[1].verdict).toBe('real');
  });
  test('an amount that one may not see is unknown, not zero', () => expect(lines[2].value).toBeNaN());
  test('the dearest opportunity and the gravest clash stand high', () => {
    expect(ordered(lines.filter((l) => l.id !== 'k3')).map((l) => l.id)).toEqual(['k2', 'k1', 'c2', 'c1']);
  });
  test('where the study knows the spread, the row has it', () => {
    const [line] = chanceLines(city, table('opportunities', { id: ['k'], street: ['s1'], works: [2], parties: [2], net_saving: [400], value: [450], value_low: [300], value_high: [700], saving_site: [500], life_lost: [50], status: ['refused'] }));
    expect(line).toMatchObject({ value: 450, low: 300, high: 700, verdict: 'no', parts: [{ key: 'saving_site', amount: 500 }, { key: 'life_lost', amount: -50 }] });
  });
});

describe('life cycles', () => {
  const asset = (id: string, yearBuilt: number | null, low: number | null, high: number | null): CardAsset => ({
    id, kind: 'gravity_sewer', title: 'riool', code: 'RI', party: 'p', partyName: 'p', yearBuilt, condition: null, material: null, name: null, yearQuality: null, diameter: null,
    end: low === null ? null : { low, expected: low, high, status: 'placeholder', figure: 'f' },
  });
  test('assets alike are one row; the earliest end first', () => {
    const rows = cyclesOf([asset('a', 1960, 2040, 2050), asset('b', 1960, 2040, 2050), asset('c', null, 2030, 2035)], 10);
    expect(rows.map((row) => [row.id, row.count])).toEqual([['c', 1], ['a', 2]]);
  });
  test('the axis holds every year, on round decades', () => {
    const axis = axisOf(cyclesOf([asset('a', 1961, 2040, 2051)], 5), 2026);
    expect([axis.from, axis.to]).toEqual([1960, 2060]);
  });
});

describe('loads', () => {
  const row = (resource: string, party: string | null, load: number[], limit: (number | null)[], unit = 'EUR'): LoadRow => ({ resource, title: resource, party, unit, load, limit, partyName: null, price: [], over: [], largest: [] });
  const loads = { periods: [2027, 2028], rows: [row('budget', 'p1', [5, 5], [10, 10]), row('budget', 'p2', [9, 2], [10, 10]), row('crew:sewer', 'p1', [1, 1], [2, 2], 'dagen'), row('nuisance', null, [3, 3], [null, null])], sums: [row('budget', null, [14, 7], [20, 20])] };
  test('the tightest money and crew, and nuisance, are shown first', () => expect(firstThree(loads)).toEqual(['p2|budget', 'p1|crew:sewer', '|nuisance']));
  test('sums can be chosen too', () => expect(choices(loads).map((c) => c.key)).toContain('sum|budget'));
  test('one scale per row, so that numbers compare', () => {
    const scale = scaleOf(row('budget', 'p', [2_450_000, 900_000], [3e6, 3e6]), 'nl');
    expect([inBar(2_450_000, scale, 'nl'), inBar(900_000, scale, 'nl'), inBar(null, scale, 'nl')]).toEqual(['2,5', '0,9', '?']);
    expect(scale.unit).toBe('mln €');
  });
});
