import { describe, expect, test } from 'vitest';
import * as f from '../src/lib/format';

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('numbers as people write them', () => {
  test('amounts in full', () => {
    expect(plain(f.euro(1240000, 'nl'))).toBe('€ 1.240.000');
    expect(f.euro(1240000, 'en')).toBe('€1,240,000');
  });
  test('short amounts, millions with two decimals', () => {
    expect(plain(f.euroShort(36_960_000, 'nl'))).toBe('€ 36,96 mln');
    expect(plain(f.euroShort(295_000, 'nl'))).toBe('€ 295k');
    expect(plain(f.euroShort(999_600, 'nl'))).toBe('€ 1,00 mln');
    expect(plain(f.euroShort(36_960_000, 'en'))).toBe('€36.96 M');
  });
  test('changes carry a true minus', () => {
    expect(plain(f.euroChange(-41_000, 'nl'))).toBe('− € 41k');
    expect(plain(f.euroChange(71_000, 'nl'))).toBe('+ € 71k');
    expect(f.euroChange(-41_000, 'en')).toBe('−€41k');
    expect(plain(f.euroChange(0.2, 'nl'))).toBe('€ 0');
  });
  test('halves go up, also where binary fractions would not', () => {
    expect(f.rounded(1.005, 2)).toBe(1.01);
    expect(f.rounded(2.5)).toBe(3);
    expect(f.rounded(-2.5)).toBe(-3);
  });
  test('the gap is rounded up and never under a tenth', () => {
    expect(plain(f.gap(0.00385, 'nl'))).toBe('0,4 %');
    expect(plain(f.gap(0.0301, 'nl'))).toBe('3,1 %');
    expect(plain(f.gap(0, 'nl'))).toBe('0,1 %');
    expect(f.gap(0.003, 'en')).toBe('0.3%');
  });
  test('unknown is a question mark, never zero', () => {
    for (const write of [f.euro, f.euroShort, f.euroChange, f.percent, f.gap]) expect(write(null, 'nl')).toBe('?');
    expect(f.number(NaN, 'nl')).toBe('?');
    expect(f.years(null, undefined)).toBe('?');
  });
  test('years', () => {
    expect(f.years(2028, 2032)).toBe('2028–2032');
    expect(f.years(2028, 2028)).toBe('2028');
    expect(f.shortYear(2029)).toBe('’29');
  });
  test('what people type is read in their own notation', () => {
    expect(f.parseNumber('1.240,5', 'nl')).toBe(1240.5);
    expect(f.parseNumber('€ 2,5 mln', 'nl')).toBe(2_500_000);
    expect(f.parseNumber('295k', 'en')).toBe(295_000);
    expect(f.parseNumber('veel', 'nl')).toBeNull();
    expect(f.parseNumber('', 'nl')).toBeNull();
  });
  test('spoken amounts', () => expect(f.euroSpoken(295_000, 'nl')).toBe('295 duizend euro'));
});
