// One programme: the year of each work, in the order of the works of the city, and its openings.
import type { City } from './city';
import { indexOf, type Table } from './columns';

export const PROGRAMME_COLUMNS = ['work', 'period', 'status', 'opening', 'cash'];
export const OPENING_COLUMNS = ['id', 'street', 'period', 'works', 'parties', 'days', 'cost', 'nuisance', 'saved'];

export type Status = 'programmed' | 'committed' | 'deferred' | 'later' | null;

export interface Openings {
  id: string[];
  street: Int32Array;
  period: Int16Array;
  works: Float64Array;
  parties: Float64Array;
  days: Float64Array;
  cost: Float64Array;
  nuisance: Float64Array;
  saved: Float64Array;
  index: Map<string, number>;
}

export class Plan {
  /** 0 where a work has no year. */
  readonly period: Int16Array;
  readonly status: Status[];
  readonly opening: (string | null)[];
  readonly cash: Float64Array;
  readonly openings: Openings;
  private byOpening: Map<string, number[]> | null = null;
  private byStreet: Int32Array[] | null = null;

  constructor(city: City, programme: Table, openings: Table) {
    const count = city.works.id.length;
    this.period = new Int16Array(count);
    this.status = new Array<Status>(count).fill(null);
    this.opening = new Array<string | null>(count).fill(null);
    this.cash = new Float64Array(count).fill(NaN);
    this.fill(city, programme);
    this.openings = readOpenings(city, openings);
  }

  get empty(): boolean {
    return this.period.every((period) => period === 0);
  }

  worksOf(opening: string): number[] {
    if (!this.byOpening) {
      this.byOpening = new Map();
      this.opening.forEach((id, work) => {
        if (id === null) return;
        const held = this.byOpening!.get(id);
        if (held) held.push(work);
        else this.byOpening!.set(id, [work]);
      });
    }
    return this.byOpening.get(opening) ?? [];
  }

  /** The openings of one street section, soonest first. */
  openingsOf(city: City, street: number): Int32Array {
    if (!this.byStreet) {
      const lists: number[][] = city.streets.id.map(() => []);
      this.openings.street.forEach((at, opening) => at >= 0 && lists[at].push(opening));
      this.byStreet = lists.map((list) => Int32Array.from(list.sort((a, b) => this.openings.period[a] - this.openings.period[b])));
    }
    return this.byStreet[street];
  }

  private fill(city: City, programme: Table): void {
    const works = programme.text('work');
    const period = programme.number('period');
    const status = programme.text('status');
    const opening = programme.text('opening');
    const cash = programme.number('cash');
    for (let row = 0; row < programme.rows; row++) {
      const work = city.works.index.get(works[row] ?? '');
      if (work === undefined) continue;
      this.period[work] = Number.isNaN(period[row]) ? 0 : period[row];
      this.status[work] = status[row] as Status;
      this.opening[work] = opening[row];
      this.cash[work] = cash[row];
    }
  }
}

function readOpenings(city: City, table: Table): Openings {
  const id = table.text('id') as string[];
  const n = (column: string) => table.number(column);
  return {
    id, index: indexOf(id),
    street: Int32Array.from(table.text('street'), (s) => city.streets.index.get(s ?? '') ?? -1),
    period: Int16Array.from(n('period')),
    works: n('works'), parties: n('parties'), days: n('days'), cost: n('cost'), nuisance: n('nuisance'), saved: n('saved'),
  };
}
