import { describe, expect, test } from 'vitest';
import { bulk, GESTURES } from '../src/lib/programme/bulk';
import { city, plan } from './town';

const periods = [2027, 2028, 2029, 2030, 2031, 2032];
const all = [0, 1, 2, 3];
const asked = (year: number, years = 0) => ({ year, years });

describe('one gesture on many works', () => {
  test('moving takes each to its own year, and leaves what has no year or may not go there', () => {
    const made = bulk('move', all, asked(0, 1), city, plan, periods);
    expect(made.actions).toEqual([{ do: 'fix', works: ['w1', 'w2'], period: 2030 }, { do: 'fix', works: ['w3'], period: 2032 }]);
    expect([made.reached, made.note, made.values.n]).toEqual([3, 'bulkNotThere', 1]);
    expect(bulk('move', all, asked(0, 4), city, plan, periods).actions).toEqual([]); // outside windows or programme
  });
  test('fixing leaves what lies outside its window', () => {
    const made = bulk('fix', all, asked(2029), city, plan, periods);
    expect(made.actions).toEqual([{ do: 'fix', works: ['w1', 'w2'], period: 2029 }]);
    expect(made.values.n).toBe(2);
  });
  test('releasing reaches only what was fixed', () => expect(bulk('release', all, asked(0), city, plan, periods).actions).toEqual([{ do: 'release', works: ['w2'] }]));
  test('together warns when no year suits all, apart when there are more works than years', () => {
    expect(bulk('together', [0, 1], asked(0), city, plan, periods).note).toBeNull();
    expect(bulk('together', all, asked(0), city, plan, periods).note).toBe('bulkNoCommon');
    expect(bulk('apart', all, asked(0), city, plan, [2027, 2028]).values.n).toBe(2);
  });
  test('plans are shifted, not works; without a plan nothing is asked', () => expect(bulk('shift', all, asked(0, 2), city, plan, periods).actions).toEqual([]));
  test('nothing is ever reached twice', () => {
    for (const gesture of GESTURES) {
      const named = bulk(gesture, all, asked(2029, 1), city, plan, periods).actions.flatMap((action) => ('works' in action ? action.works : []));
      expect(new Set(named).size).toBe(named.length);
    }
  });
});
