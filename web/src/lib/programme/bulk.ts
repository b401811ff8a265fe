// What one gesture on many works comes down to: one change with all its actions, how many works it reaches, and which it must leave.
import type { Action } from '../api/types';
import type { City } from '../data/city';
import type { Plan } from '../data/plan';
import type { Key } from '../texts';

export const GESTURES = ['move', 'fix', 'release', 'forbid', 'together', 'apart', 'later', 'shift'] as const;
export type Gesture = (typeof GESTURES)[number];

/** Which gestures ask for a year, and which for a number of years. */
export const ASKS: Record<Gesture, 'year' | 'years' | null> = {
  move: 'years', fix: 'year', release: null, forbid: 'year', together: null, apart: null, later: null, shift: 'years',
};

export interface Bulk {
  actions: Action[];
  /** Works that change. */
  reached: number;
  /** Why the others are left as they are, or what to expect. */
  note: Key | null;
  /** What the note needs to be said. */
  values: Record<string, number>;
}

interface Asked {
  year: number;
  years: number;
}

const none: Bulk = { actions: [], reached: 0, note: null, values: {} };

export function bulk(gesture: Gesture, works: number[], asked: Asked, city: City, plan: Plan, periods: number[]): Bulk {
  const ids = (some: number[]) => some.map((work) => city.works.id[work]);
  const fits = (work: number, year: number) => year >= city.works.earliest[work] && year <= city.works.latest[work];
  const all = (actions: Action[]): Bulk => ({ ...none, actions, reached: works.length });
  const some = (reached: number[], note: Key, actions: Action[]): Bulk =>
    ({ actions: reached.length ? actions : [], reached: reached.length, note: reached.length < works.length ? note : null, values: { n: works.length - reached.length } });
  switch (gesture) {
    case 'move': {
      const years = new Map<number, number[]>();
      for (const work of works) {
        const to = plan.period[work] + asked.years;
        if (asked.years && plan.period[work] && periods.includes(to) && fits(work, to)) years.set(to, [...(years.get(to) ?? []), work]);
      }
      return some([...years.values()].flat(), 'bulkNotThere', [...years].map(([period, moved]) => ({ do: 'fix', works: ids(moved), period })));
    }
    case 'fix': {
      const inside = works.filter((work) => fits(work, asked.year));
      return some(inside, 'bulkOutside', [{ do: 'fix', works: ids(inside), period: asked.year }]);
    }
    case 'release': {
      const fixed = works.filter((work) => !Number.isNaN(city.works.fixed[work]));
      return some(fixed, 'bulkNotFixed', [{ do: 'release', works: ids(fixed) }]);
    }
    case 'forbid':
      return all([{ do: 'forbid', works: ids(works), period: asked.year }]);
    case 'together': {
      const [from, to] = [Math.max(...works.map((w) => city.works.earliest[w])), Math.min(...works.map((w) => city.works.latest[w]))];
      return { ...all([{ do: 'keep-together', works: ids(works) }]), note: from > to ? 'bulkNoCommon' : null };
    }
    case 'apart': {
      const without = works.length - periods.length;
      return { ...all([{ do: 'keep-apart', works: ids(works) }]), note: without > 0 ? 'bulkTooMany' : null, values: { n: without } };
    }
    case 'later':
      return all([{ do: 'later', works: ids(works) }]);
    case 'shift': {
      const planned = works.filter((work) => city.works.plan[work] !== null);
      const rows = [...new Set(planned.map((work) => city.works.plan[work]!))];
      return { ...some(planned, 'bulkNoPlan', [{ do: 'shift', rows, years: asked.years }]), ...(asked.years ? {} : none) };
    }
  }
}
