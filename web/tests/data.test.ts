import { describe, expect, test } from 'vitest';
import { partsOf, Table } from '../src/lib/data/columns';
import { groupsOf, linesOf } from '../src/lib/timeline/rows';
import { piecesOf, Quarters } from '../src/lib/data/quarters';
import { axisFor, span, X, yearAt } from '../src/lib/timeline/x';
import { chain } from '../src/lib/map/streets';
import { neighbours } from '../src/lib/map/walk';
import { city, plan, table } from './town';

describe('tables as they travel', () => {
  test('words and codes, unknown is null', () => {
    const t = new Table({ table: 'x', revision: '1', rows: 3, columns: { name: { type: 'text', words: ['Markt', 'Kerk'], codes: [1, -1, 0] } } });
    expect(t.text('name')).toEqual(['Kerk', null, 'Markt']);
  });
  test('unknown numbers are NaN, never zero, and missing columns are all unknown', () => {
    const t = table('x', { width: [1.5, null] });
    expect([...t.number('width')]).toEqual([1.5, NaN]);
    expect([...t.number('gone')]).toEqual([NaN, NaN]);
    expect(t.text('gone')).toEqual([null, null]);
  });
  test('coordinates come back in metres, part by part', () => {
    expect(partsOf(city.streets.lines, 0)).toEqual([[[1000, 2000], [1100, 2000]]]);
    expect(partsOf(city.streets.lines, 1)).toEqual([[[1100, 2000], [1150, 2000]]]);
    expect(partsOf(city.streets.lines, 2)).toEqual([[[1000, 2050], [1000, 2080]]]);
  });
});

describe('the city', () => {
  test('sections of one name are one place; a street without a name takes that of its district', () => {
    expect(city.places.map((place) => place.name)).toEqual(['Kerkstraat', 'Straat zonder naam Oost']);
    expect(city.places[0].works).toEqual([0, 1, 3]);
  });
  test('codes follow the kind, else the discipline', () => {
    expect([0, 1, 2].map((work) => city.code(work).code)).toEqual(['RI', 'WA', 'RI']);
  });
  test('a work is called without the name of its street', () => expect(city.shortName(0)).toBe('Riool'));
  test('the programme is joined by label, whatever the order of its rows', () => {
    expect([...plan.period]).toEqual([2029, 2029, 2031, 0]);
    expect(plan.worksOf('o1')).toEqual([0, 1]);
    expect([...plan.openingsOf(city, 2)]).toEqual([1]);
  });
});

describe('rows of the timeline', () => {
  const by = (grouping: 'street' | 'area' | 'party' | 'line') => groupsOf(city, plan, grouping, 'first');
  test('every work stands in exactly one row, however they are grouped', () => {
    for (const grouping of ['street', 'area', 'party', 'line'] as const) expect(by(grouping).flatMap((g) => g.works).sort()).toEqual([0, 1, 2, 3]);
  });
  test('a row knows its span, given years, padlock and works without a year', () => {
    const [row] = by('street');
    expect([row.label, row.earliest, row.latest, row.fixed, row.without]).toEqual(['Kerkstraat', 2027, 2050, true, 1]);
    expect(row.given).toEqual([[2029, [0, 1]]]);
  });
  test('open rows show a lane per work, those without a year last', () => {
    const groups = by('street');
    const lines = linesOf(groups, new Set([groups[0].key]), plan);
    expect(lines.map((line) => (line.kind === 'lane' ? line.work : line.group.label))).toEqual(['Kerkstraat', 0, 1, 3, 'Straat zonder naam Oost']);
  });
  test('only the selection', () => expect(groupsOf(city, plan, 'street', 'name', new Set([2])).length).toBe(1));
});

describe('one x for timeline and histograms', () => {
  const axis = axisFor(480, 2027, 10);
  test('a year begins where the one before it ends', () => {
    expect(axis.col).toBe(48);
    for (let year = 2027; year < 2037; year++) expect(yearAt(axis, X(axis, year) + 1)).toBe(year);
  });
  test('outside the horizon lies at its edge', () => {
    expect(X(axis, 1990)).toBe(0);
    expect(X(axis, 2099)).toBe(480);
    expect(yearAt(axis, 9999)).toBe(2036);
  });
  test('many years stay readable and scroll', () => expect(axisFor(200, 2027, 20).col).toBe(30));
});

describe('quarters of the first years', () => {
  const phases = table('phases', {
    opening: ['o1', 'o2', null], work: [null, null, 'w4'], period: [2029, 2030, 2029], quarter: [3, 1, 2], quarters: [2, 1, 1], days: [70, 5, null],
  });
  const quarters = new Quarters(city, plan, phases);
  test('all works of an opening begin in its quarter; what was laid for another year says nothing', () => {
    expect([...quarters.quarter]).toEqual([3, 3, 0, 0]);
    expect([...quarters.lasts]).toEqual([2, 2, 0, 0]);
    expect([...quarters.years]).toEqual([2029]);
  });
  test('works of a year fall apart by quarter, and lie whole where none is known', () => {
    expect(piecesOf([0, 2, 1], quarters)).toEqual([{ quarter: 0, lasts: 4, works: [2] }, { quarter: 3, lasts: 2, works: [0, 1] }]);
    expect(piecesOf([0, 1], null)).toEqual([{ quarter: 0, lasts: 4, works: [0, 1] }]);
  });
  test('a bar begins in its quarter, runs on into the next year and ends at the horizon', () => {
    const axis = axisFor(400, 2027, 4);
    expect(span(axis, 2028)).toEqual({ x: 100, width: 100 });
    expect(span(axis, 2028, 3, 1)).toEqual({ x: 150, width: 25 });
    expect(span(axis, 2028, 4, 2)).toEqual({ x: 175, width: 50 });
    expect(span(axis, 2030, 4, 3)).toEqual({ x: 375, width: 25 });
  });
});

describe('streets on the map', () => {
  test('sections join into one line for the name, from west to east', () => {
    expect(chain([[[10, 0], [20, 0]], [[30, 0], [20, 0]], [[0, 0], [10, 0]], [[500, 500], [501, 500]]])).toEqual([[0, 0], [10, 0], [20, 0], [30, 0]]);
  });
  test('arrows walk to the neighbour in that direction, and stay where there is none', () => {
    expect(neighbours(city, 0, 1, 0)).toBe(1);
    expect(neighbours(city, 1, 1, 0)).toBe(1);
  });
});
