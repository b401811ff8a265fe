// The one selection: which objects, which drawn area, which years. Map, timeline, section, table and panel are views of it.

export type Ring = [number, number][];

class Selection {
  /** Works, as ids. */
  works = $state.raw<ReadonlySet<string>>(new Set());
  /** Street sections, as ids. */
  streets = $state.raw<ReadonlySet<string>>(new Set());
  area = $state.raw<Ring | null>(null);
  /** The object that *Why?* speaks about: the last one that was touched. */
  focus = $state<string | null>(null);
  hover = $state<string | null>(null);

  get empty(): boolean {
    return this.works.size === 0 && this.streets.size === 0 && this.area === null;
  }

  clear(): void {
    this.works = new Set();
    this.streets = new Set();
    this.area = null;
    this.focus = null;
  }

  /** Streets with the works that lie in them. */
  take(streets: Iterable<string>, works: Iterable<string>, focus: string | null, area: Ring | null = null): void {
    this.streets = new Set(streets);
    this.works = new Set(works);
    this.area = area;
    this.focus = focus;
  }

  /** Adds when it is not there, takes away when it is. */
  toggle(streets: Iterable<string>, works: Iterable<string>, focus: string | null): void {
    const own = [...works];
    const places = [...streets];
    const there = own.length ? own.every((work) => this.works.has(work)) : places.every((street) => this.streets.has(street));
    const [nextWorks, nextStreets] = [new Set(this.works), new Set(this.streets)];
    for (const work of own) if (there) nextWorks.delete(work); else nextWorks.add(work);
    for (const street of places) if (there) nextStreets.delete(street); else nextStreets.add(street);
    this.works = nextWorks;
    this.streets = nextStreets;
    this.area = null;
    this.focus = there ? null : focus;
  }
}

export const selection = new Selection();
