// What the workbench knows of the study: streets, works and their places, as arrays beside each other. It is never
// changed; a new version of a table makes a new City. The programme lies in plan.ts, because it changes far more often.
import { indexOf, type Lines, type Table } from './columns';
import type { PartyInfo, Words } from '../api/types';

/** All sections with one street name: the row of the timeline, the label of the map. */
export interface Place {
  name: string;
  area: string;
  streets: number[];
  works: number[];
}

export interface Streets {
  id: string[];
  name: (string | null)[];
  area: (string | null)[];
  length: Float64Array;
  lines: Lines;
  index: Map<string, number>;
}

export interface Works {
  id: string[];
  name: (string | null)[];
  party: (string | null)[];
  kind: (string | null)[];
  discipline: (string | null)[];
  action: (string | null)[];
  street: Int32Array;
  plan: (string | null)[];
  earliest: Float64Array;
  preferred: Float64Array;
  latest: Float64Array;
  fixed: Float64Array;
  cost: Float64Array;
  duration: Float64Array;
  certainty: (string | null)[];
  index: Map<string, number>;
}

export const STREET_COLUMNS = ['id', 'name', 'area', 'length', 'geometry'];
export const WORK_COLUMNS = [
  'id', 'name', 'party', 'kind', 'discipline', 'action', 'street', 'plan', 'earliest', 'preferred', 'latest', 'fixed', 'cost', 'duration', 'certainty',
];

export class City {
  readonly streets: Streets;
  readonly works: Works;
  readonly places: Place[];
  readonly placeOfStreet: Int32Array;
  readonly areaName: Map<string, string>;
  readonly partyName: Map<string, string>;
  readonly words: Words;
  private readonly kinds: Map<string, Words['kinds'][number]>;

  constructor(streets: Table, works: Table, areas: Table, parties: PartyInfo[], words: Words, unnamed: string) {
    this.words = words;
    this.kinds = new Map(words.kinds.map((kind) => [kind.kind, kind]));
    this.partyName = new Map(parties.map((party) => [party.id, party.name]));
    const names = areas.text('name');
    this.areaName = new Map(areas.text('id').map((id, i) => [id ?? '', names[i] ?? '']));
    this.streets = readStreets(streets);
    this.works = readWorks(works, this.streets.index);
    [this.places, this.placeOfStreet] = this.group(unnamed);
  }

  /** Two letters and the colour family of a work. */
  code(work: number): { code: string; network: string } {
    const kind = this.kinds.get(this.works.kind[work] ?? '');
    if (kind) return kind;
    return this.words.codes[this.works.discipline[work] ?? ''] ?? { code: 'OV', network: 'other' };
  }

  kindTitle(kind: string | null): string {
    return (kind && this.kinds.get(kind)?.title) || '';
  }

  kindNetwork(kind: string | null): string {
    return (kind && this.kinds.get(kind)?.network) || 'other';
  }

  listWord(list: string, value: string | null): string {
    return (value && this.words.lists[list]?.[value]) || '';
  }

  placeOfWork(work: number): number {
    const street = this.works.street[work];
    return street < 0 ? -1 : this.placeOfStreet[street];
  }

  placeName(street: number): string {
    return street < 0 ? '' : this.places[this.placeOfStreet[street]].name;
  }

  /** What a work is called in its own row: its name without the name of the street. */
  shortName(work: number): string {
    const name = this.works.name[work] ?? '';
    const place = this.placeOfWork(work);
    const street = place < 0 ? '' : this.places[place].name;
    const short = street && name.endsWith(street) ? name.slice(0, -street.length).replace(/[\s,:·–-]+$/, '') : name;
    return short || this.kindTitle(this.works.kind[work]) || name;
  }

  private group(unnamed: string): [Place[], Int32Array] {
    const { name, area } = this.streets;
    const of = new Int32Array(name.length);
    const places: Place[] = [];
    const byKey = new Map<string, number>();
    for (let i = 0; i < name.length; i++) {
      const district = this.areaName.get(area[i] ?? '') ?? '';
      const key = name[i] ?? `\u0000${district}`;
      let place = byKey.get(key);
      if (place === undefined) {
        place = places.length;
        byKey.set(key, place);
        places.push({ name: name[i] ?? (district ? `${unnamed} ${district}` : unnamed), area: district, streets: [], works: [] });
      }
      places[place].streets.push(i);
      of[i] = place;
    }
    this.works.street.forEach((street, work) => {
      if (street >= 0) places[of[street]].works.push(work);
    });
    return [places, of];
  }
}

function readStreets(table: Table): Streets {
  const id = table.text('id') as string[];
  return { id, name: table.text('name'), area: table.text('area'), length: table.number('length'), lines: table.lines(), index: indexOf(id) };
}

function readWorks(table: Table, streets: Map<string, number>): Works {
  const id = table.text('id') as string[];
  const street = Int32Array.from(table.text('street'), (s) => (s === null ? -1 : (streets.get(s) ?? -1)));
  const text = (column: string) => table.text(column);
  return {
    id, street, name: text('name'), party: text('party'), kind: text('kind'), discipline: text('discipline'), action: text('action'),
    plan: text('plan'), certainty: text('certainty'), earliest: table.number('earliest'), preferred: table.number('preferred'),
    latest: table.number('latest'), fixed: table.number('fixed'), cost: table.number('cost'), duration: table.number('duration'), index: indexOf(id),
  };
}
