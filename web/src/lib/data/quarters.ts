// The quarter in which the works of the first years begin, in the order of the works of the city.
import type { City } from './city';
import type { Table } from './columns';
import type { Plan } from './plan';

export const PHASE_COLUMNS = ['opening', 'work', 'period', 'quarter', 'quarters', 'days'];
export const PER_YEAR = 4;

/** Works of one year that begin in the same quarter; quarter 0 holds those of which only the year is known. */
export interface Piece {
  quarter: number;
  lasts: number;
  works: number[];
}

export class Quarters {
  /** 1 to 4; 0 where a work has only a year. */
  readonly quarter: Uint8Array;
  /** Quarters that its opening lasts, the first included. */
  readonly lasts: Uint16Array;
  /** Working days that its opening takes; unknown is NaN. */
  readonly days: Float64Array;
  /** The years that are laid in quarters. */
  readonly years = new Set<number>();

  constructor(city: City, plan: Plan, phases: Table) {
    const count = city.works.id.length;
    this.quarter = new Uint8Array(count);
    this.lasts = new Uint16Array(count);
    this.days = new Float64Array(count).fill(NaN);
    const [opening, lone] = [phases.text('opening'), phases.text('work')];
    const [period, quarter, lasts, days] = ['period', 'quarter', 'quarters', 'days'].map((column) => phases.number(column));
    for (let row = 0; row < phases.rows; row++) {
      const shared = opening[row];
      const works = shared !== null ? plan.worksOf(shared) : [city.works.index.get(lone[row] ?? '') ?? -1];
      for (const work of works) {
        if (work < 0 || plan.period[work] !== period[row]) continue; // a quarter of another year says nothing of this one
        this.quarter[work] = quarter[row];
        this.lasts[work] = Math.max(1, lasts[row] || 1);
        this.days[work] = days[row];
        this.years.add(period[row]);
      }
    }
  }
}

/** The works of one year by the quarter in which they begin, the soonest first; without quarters all in one piece. */
export function piecesOf(works: number[], quarters: Quarters | null): Piece[] {
  const pieces = new Map<number, Piece>();
  for (const work of works) {
    const quarter = quarters?.quarter[work] ?? 0;
    const lasts = quarter ? quarters!.lasts[work] : PER_YEAR;
    const piece = pieces.get(quarter);
    if (piece) {
      piece.works.push(work);
      piece.lasts = Math.max(piece.lasts, lasts);
    } else pieces.set(quarter, { quarter, lasts, works: [work] });
  }
  return [...pieces.values()].sort((a, b) => a.quarter - b.quarter);
}
