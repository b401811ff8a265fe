// Tables as they travel, turned into arrays. One decoder for all tables.
import type { RawColumn, RawTable } from '../api/types';

export interface Lines {
  /** Flat x, y in metres. */
  coords: Float64Array;
  /** Where the parts of each row begin in `ends`; one longer than the number of rows. */
  rowParts: Uint32Array;
  /** Where each part ends in `coords` (counted in numbers). */
  ends: Uint32Array;
  kinds: number[];
}

export class Table {
  readonly name: string;
  readonly revision: string;
  readonly rows: number;
  private readonly raw: Record<string, RawColumn>;
  private readonly made = new Map<string, unknown>();

  constructor(raw: RawTable) {
    this.name = raw.table;
    this.revision = raw.revision;
    this.rows = raw.rows;
    this.raw = raw.columns;
  }

  has(column: string): boolean {
    return column in this.raw;
  }

  /** Texts; unknown is null. A column that the server did not send is all unknown. */
  text(column: string): (string | null)[] {
    return this.once(`text ${column}`, () => {
      const raw = this.raw[column];
      if (!raw) return new Array<null>(this.rows).fill(null);
      if (raw.words && raw.codes) {
        const words = raw.words;
        return raw.codes.map((code) => (code < 0 ? null : words[code]));
      }
      return (raw.values ?? []).map((value) => (value === null ? null : String(value)));
    });
  }

  /** Numbers; unknown is NaN, so that no sum can swallow it unseen. */
  number(column: string): Float64Array {
    return this.once(`number ${column}`, () => {
      const values = this.raw[column]?.values;
      const out = new Float64Array(this.rows).fill(NaN);
      if (values) for (let i = 0; i < this.rows; i++) if (values[i] !== null) out[i] = Number(values[i]);
      return out;
    });
  }

  /** Coordinates in metres, flat, with where parts and rows end. */
  lines(column = 'geometry'): Lines {
    return this.once(`lines ${column}`, () => decodeLines(this.raw[column], this.rows));
  }

  private once<R>(key: string, make: () => R): R {
    if (!this.made.has(key)) this.made.set(key, make());
    return this.made.get(key) as R;
  }
}

function decodeLines(raw: RawColumn | undefined, rows: number): Lines {
  const kinds = raw?.kinds ?? new Array<number>(rows).fill(0);
  const parts = raw?.parts ?? new Array<number>(rows).fill(0);
  const points = raw?.points ?? [];
  const flat = raw?.coords ?? [];
  const step = raw?.resolution ?? 1;
  const [ox, oy] = raw?.origin ?? [0, 0];
  const coords = new Float64Array(flat.length);
  const ends = new Uint32Array(points.length);
  const rowParts = new Uint32Array(rows + 1);
  let at = 0;
  points.forEach((count, part) => {
    let x = 0;
    let y = 0;
    for (let n = 0; n < count; n++) {
      x += flat[at];
      y += flat[at + 1];
      coords[at++] = x * step + ox;
      coords[at++] = y * step + oy;
    }
    ends[part] = at;
  });
  for (let row = 0; row < rows; row++) rowParts[row + 1] = rowParts[row] + parts[row];
  return { coords, rowParts, ends, kinds };
}

/** The vertices of one row, a list per part. */
export function partsOf(lines: Lines, row: number): number[][][] {
  const out: number[][][] = [];
  for (let part = lines.rowParts[row]; part < lines.rowParts[row + 1]; part++) {
    const from = part === 0 ? 0 : lines.ends[part - 1];
    const line: number[][] = [];
    for (let i = from; i < lines.ends[part]; i += 2) line.push([lines.coords[i], lines.coords[i + 1]]);
    out.push(line);
  }
  return out;
}

/** From id to row. */
export function indexOf(ids: (string | null)[]): Map<string, number> {
  const out = new Map<string, number>();
  ids.forEach((id, row) => {
    if (id !== null) out.set(id, row);
  });
  return out;
}
