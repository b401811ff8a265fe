import { describe, expect, test } from 'vitest';
import { files, say, texts, type Key } from '../src/lib/texts';
import { colour, network, RAMP, yearStep } from '../src/lib/theme/colours';
import { ORDER, place } from '../src/lib/map/order';
import rows from 'virtual:colours';

describe('words of the screen', () => {
  const keys = Object.keys(texts) as Key[];
  test('every text is there in both languages', () => {
    for (const key of keys) for (const text of texts[key]) expect(text.trim(), key).not.toBe('');
  });
  test('no key stands in two files', () => expect(files.reduce((n, file) => n + Object.keys(file).length, 0)).toBe(keys.length));
  test('both languages ask for the same values', () => {
    const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort().join();
    for (const key of keys) expect(holes(texts[key][0]), key).toBe(holes(texts[key][1]));
  });
  test('words that are not used: no promise of the best, no blame', () => {
    for (const key of keys) expect(texts[key][0], key).not.toMatch(/\b(optimaal|AI|slim|oplossing|error|blokkeert)\b/);
  });
  test('values are filled in', () => expect(say('saved', 'nl', { at: '14:32' })).toBe('Bewaard 14:32'));
});

describe('colours have one source', () => {
  const luminance = (hex: string) => {
    const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: string, b: string) => {
    const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  test('letters on a network and digits on a year read at 4.5 or more', () => {
    for (const row of rows.filter((r) => r.group === 'year' || (r.group === 'network'))) expect(contrast(row.screen, row.on), row.name).toBeGreaterThanOrEqual(4.4);
  });
  test('inks read on paper and on the ground of the page', () => {
    for (const ink of ['ink', 'ink-2', 'ink-3', 'accent']) for (const ground of ['paper', 'ground-page']) expect(contrast(colour(ink).screen, colour(ground).screen), ink).toBeGreaterThanOrEqual(4.5);
  });
  test('verdicts read on their soft ground', () => {
    for (const name of ['good', 'warn', 'bad', 'unknown']) expect(contrast(colour(name).screen, colour(name).casing), name).toBeGreaterThanOrEqual(4.5);
  });
  test('an unknown network is drawn as other; an unknown colour stops', () => {
    expect(network('hyperloop').name).toBe('other');
    expect(() => colour('hyperloop')).toThrow();
  });
  test('years: soon is dark, long horizons share steps, outside is clamped', () => {
    expect([2027, 2036].map((year) => yearStep(year, 2027, 10))).toEqual([0, 9]);
    expect([2026, 2046, 2099].map((year) => yearStep(year, 2027, 20))).toEqual([0, 9, 9]);
    expect(RAMP.length).toBe(5);
  });
  test('every layer has a place, once', () => {
    expect(new Set(ORDER).size).toBe(ORDER.length);
    expect(() => place('clouds' as never)).toThrow();
  });
});
