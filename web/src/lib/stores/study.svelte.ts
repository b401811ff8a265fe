// The study as the page knows it: what the server told, refreshed by revision, and the one door for edits.
import { api, session } from '../api/client';
import { isProblem, Problem, Unreachable } from '../api/problem';
import type { Action, EditAnswer, Job, Loads, Moved, Replan, StudyInfo, Words } from '../api/types';
import { City, STREET_COLUMNS, WORK_COLUMNS } from '../data/city';
import { Table } from '../data/columns';
import { OPENING_COLUMNS, Plan, PROGRAMME_COLUMNS } from '../data/plan';
import { PHASE_COLUMNS, Quarters } from '../data/quarters';
import { t } from '../texts';
import { queue } from './queue.svelte';
import { selection } from './selection.svelte';
import { ui } from './ui.svelte';

export interface LastChange {
  words: string;
  moved: Moved[];
  cost: number | null;
  unheeded: string[];
}

interface Base {
  streets: Promise<Table | null>;
  areas: Promise<Table | null>;
  works: Promise<Table | null>;
  programme: Promise<Table | null>;
  openings: Promise<Table | null>;
}

const AREA_COLUMNS = ['id', 'name', 'level', 'parent'];
const NO_WORKS = new Table({ table: 'works', revision: '', rows: 0, columns: { id: { type: 'text', values: [] } } });
const PHASING = 'phase'; // the step that lays the first years in quarters
const REPLAN = { seconds: 0.3, improve: true };

class StudyStore {
  info = $state.raw<StudyInfo | null>(null);
  words = $state.raw<Words | null>(null);
  city = $state.raw<City | null>(null);
  plan = $state.raw<Plan | null>(null);
  loads = $state.raw<Loads | null>(null);
  /** The quarters of the first years; none while they belong to another programme than the one that is shown. */
  quarters = $state.raw<Quarters | null>(null);
  ghost = $state.raw<{ id: string | null; name: string; plan: Plan } | null>(null);
  job = $state.raw<Job | null>(null);
  /** What the server said no to, when nothing can be shown at all. */
  problem = $state.raw<Problem | null>(null);
  reachable = $state(true);
  busy = $state(0);
  last = $state.raw<LastChange | null>(null);
  /** Where works stood before the last change: marked for some seconds. */
  moved = $state.raw<ReadonlyMap<string, number | null>>(new Map());
  private readonly tables = new Map<string, Table>();
  private known = new Map<string, Map<string, string>>();

  get first(): number {
    return this.info?.settings.first ?? 0;
  }

  get periods(): number[] {
    return this.info?.periods ?? [];
  }

  /** The years that were laid in quarters, whether those still hold or not. */
  laid: ReadonlySet<number> = $state.raw(new Set());

  /** Quarters were made, and something that they lean on has changed since. */
  get quartersStale(): boolean {
    return !!this.info?.counts.phases && !!this.info.stale?.some((step) => step.verb === PHASING);
  }

  /** How long a programme of this study is computed: longer for a larger city, in seconds. */
  get patience(): number {
    return Math.min(60, Math.max(3, Math.round((this.info?.counts.works ?? 0) / 400)));
  }

  /** The first time, and after a change of language. */
  async begin(): Promise<void> {
    await this.guard(async () => {
      const first = this.city ? null : this.base(); // asked for at once, beside everything else
      const [info, words, tables] = await Promise.all([api.study(), api.words(), api.tables()]);
      this.words = words;
      this.known = new Map(tables.tables.map((table) => [table.name, new Map(table.columns.map((column) => [column.name, column.title]))]));
      if (!ui.year || !info.periods.includes(ui.year)) ui.year = info.periods[0] ?? 0;
      await this.read(info, first ?? this.base(info));
      this.listen();
      queue.begin((body) => api.edit(body), (answer) => this.take(answer));
    });
  }

  /** Asks what changed and reads only those tables. */
  async refresh(info?: StudyInfo): Promise<void> {
    await this.guard(async () => {
      const now = info ?? (await api.study());
      await this.read(now, this.base(now));
    });
  }

  /** A table at its newest revision, read once. Columns that this study does not have are left out. */
  async table(name: string, wanted: string[]): Promise<Table> {
    const known = this.known.get(name);
    const columns = known ? wanted.filter((column) => column === 'id' || known.has(column)) : wanted;
    const key = `${session.scenario ?? ''}|${name}|${columns.join()}`;
    const held = this.tables.get(key);
    const revision = this.info?.revisions[name];
    if (held && held.revision === revision) return held;
    const fresh = new Table(await api.table(name, columns, { v: revision }));
    this.tables.set(key, fresh);
    return fresh;
  }

  /** Column names of a table with their titles, in the language of the page. */
  columnTitles(name: string): [string, string][] {
    return [...(this.known.get(name) ?? [])];
  }

  async setScenario(id: string | null): Promise<void> {
    session.scenario = id;
    this.last = null;
    await this.refresh();
  }

  async setGhost(id: string | null | undefined, name = ''): Promise<void> {
    if (id === undefined || !this.city) {
      this.ghost = null;
      return;
    }
    const [programme, openings] = await Promise.all([
      api.table('programme', PROGRAMME_COLUMNS, { scenario: id }),
      api.table('openings', OPENING_COLUMNS, { scenario: id }),
    ]);
    this.ghost = { id, name, plan: new Plan(this.city, new Table(programme), new Table(openings)) };
  }

  /** Every change of the study goes through here. Throws the Problem when the server refuses. */
  async edit(actions: Action[], why = '', more: Record<string, unknown> = {}): Promise<EditAnswer | null> {
    const body = {
      who: ui.who || t('someone'), why: why || undefined, key: crypto.randomUUID(), scenario: session.scenario, actions, replan: REPLAN, since: this.info?.lastEdit ?? '', ...more,
    };
    return this.sending(() => api.edit(body), body);
  }

  async undo(change?: string): Promise<EditAnswer | null> {
    return this.sending(() => api.undo({ who: ui.who || t('someone'), change, scenario: session.scenario, replan: REPLAN }));
  }

  async redo(): Promise<EditAnswer | null> {
    return this.sending(() => api.redo({ who: ui.who || t('someone'), scenario: session.scenario, replan: REPLAN }));
  }

  /** What an edit changed, laid over what is shown. */
  async take(answer: EditAnswer): Promise<void> {
    if (answer.scenario && answer.scenario !== session.scenario) session.scenario = answer.scenario;
    const before = this.plan;
    await this.refresh();
    const words = answer.edits.map((edit) => edit.words).filter(Boolean);
    this.mark(answer.replan ?? null, before);
    this.last = {
      words: words.length > 1 ? `${words[0]} ${t('andMore', { n: words.length - 1 })}` : (words[0] ?? ''),
      moved: answer.replan?.moved ?? [],
      cost: answer.replan?.cost.change ?? null,
      unheeded: answer.unheeded,
    };
  }

  async run(process: string, inputs: Record<string, unknown> = {}): Promise<void> {
    await this.guard(async () => {
      this.job = await api.execute(process, inputs);
      this.follow(this.job.jobID);
    });
  }

  async stop(): Promise<void> {
    if (this.job) this.job = await api.stop(this.job.jobID);
  }

  private async sending(send: () => Promise<EditAnswer>, body?: Record<string, unknown>): Promise<EditAnswer | null> {
    this.busy++;
    try {
      const answer = await send();
      this.reachable = true;
      await this.take(answer);
      return answer;
    } catch (error) {
      if (error instanceof Unreachable) this.reachable = false;
      const keep = error instanceof Unreachable || isProblem(error, 'open-elsewhere');
      if (!keep || !body) throw error;
      queue.keep(body, error instanceof Problem ? error.message : t('unreachable'));
      return null;
    } finally {
      this.done();
    }
  }

  private mark(replan: Replan | null, before: Plan | null): void {
    const marks = new Map<string, number | null>();
    for (const move of replan?.moved ?? []) if (before) marks.set(move.work, move.before);
    this.moved = marks;
    if (marks.size) setTimeout(() => this.moved === marks && (this.moved = new Map()), 4000);
  }

  /** The tables that the picture needs, each only when its revision is another than that of what is shown. */
  private base(info?: StudyInfo): Base {
    const ask = async (name: string, columns: string[]): Promise<Table | null> => {
      const revision = info?.revisions[name];
      if (this.shown && revision !== undefined && this.shown[name] === `${session.scenario ?? ''}|${revision}`) return null;
      return new Table(await api.table(name, columns, { v: revision }));
    };
    // the map stands first: what the timeline needs is asked when the streets are there
    const [streets, areas] = [ask('streets', STREET_COLUMNS), ask('areas', AREA_COLUMNS)];
    const after = (name: string, columns: string[]) => (info ? ask(name, columns) : Promise.allSettled([streets]).then(() => ask(name, columns)));
    return {
      streets, areas, works: after('works', WORK_COLUMNS), programme: after('programme', PROGRAMME_COLUMNS), openings: after('openings', OPENING_COLUMNS),
    };
  }

  private async read(info: StudyInfo, base: Base): Promise<void> {
    this.info = info;
    const [streets, areas] = await Promise.all([base.streets, base.areas]);
    if (!this.city && streets && areas) this.city = this.cityOf(streets, NO_WORKS, areas, info); // the map stands before the works are there
    const [works, programme, openings] = await Promise.all([base.works, base.programme, base.openings]);
    if (streets || areas || works) {
      // a part that did not change is asked again when another did: the raw tables are not kept
      const all = await Promise.all([streets ?? this.whole('streets', STREET_COLUMNS), works ?? this.whole('works', WORK_COLUMNS), areas ?? this.whole('areas', AREA_COLUMNS)]);
      this.city = this.cityOf(all[0], all[1], all[2], info);
    }
    if (this.city && (streets || areas || works || programme || openings)) {
      const [plan, opened] = await Promise.all([programme ?? this.whole('programme', PROGRAMME_COLUMNS), openings ?? this.whole('openings', OPENING_COLUMNS)]);
      this.plan = new Plan(this.city, plan, opened);
      if (this.plan.empty) this.loads = null;
      else void this.readLoads();
    }
    void this.readQuarters(info);
    this.shown = Object.fromEntries(['streets', 'areas', 'works', 'programme', 'openings'].map((name) => [name, `${session.scenario ?? ''}|${info.revisions[name]}`]));
    for (const id of info.jobs) if (this.job?.jobID !== id) this.follow(id);
  }

  private cityOf(streets: Table, works: Table, areas: Table, info: StudyInfo): City {
    return new City(streets, works, areas, info.parties, this.words!, t('unnamedStreet'));
  }

  private async whole(name: string, columns: string[]): Promise<Table> {
    return new Table(await api.table(name, columns, { v: this.info?.revisions[name] }));
  }

  /** Loads follow when the picture already stands. */
  private async readLoads(): Promise<void> {
    const { plan } = this;
    const loads = await api.loads().catch(() => null);
    if (loads && plan === this.plan) this.loads = loads;
  }

  /** Quarters too; those of an earlier programme are never drawn, nor while it is not known whether they still hold. */
  private async readQuarters(info: StudyInfo): Promise<void> {
    const { city, plan } = this;
    const asked = ++this.quartersAsked;
    const good = !!info.stale && !info.stale.some((step) => step.verb === PHASING);
    if (!good) this.quarters = null;
    const phases = city && plan && info.counts.phases ? await this.table('phases', PHASE_COLUMNS).catch(() => null) : null;
    if (asked !== this.quartersAsked) return;
    this.laid = new Set(phases?.number('period'));
    this.quarters = phases && good ? new Quarters(city!, plan!, phases) : null;
  }

  private quartersAsked = 0;

  /** Scenario and revision of what is shown, per table. */
  private shown: Record<string, string> | null = null;
  private stream: EventSource | null = null;
  /** The newest version that the server told of. */
  private heard = 0;
  /** An answer is there that was not yet when it was asked: what is stale, or the proof. */
  private late = false;
  private following: string | null = null;

  private listen(): void {
    if (this.stream || typeof EventSource === 'undefined') return;
    this.stream = new EventSource('/v1/events');
    this.stream.addEventListener('study', (event) => {
      const told = JSON.parse((event as MessageEvent<string>).data) as { version: number; late?: boolean };
      this.heard = told.version;
      this.late ||= !!told.late;
      if (!this.busy) this.catchUp();
    });
    this.stream.addEventListener('file', (event) => {
      if (this.info) this.info = { ...this.info, file: JSON.parse((event as MessageEvent<string>).data) };
    });
    this.stream.onopen = () => void this.opened();
    this.stream.onerror = () => (this.reachable = false);
  }

  /** The stream opens a moment after the tables were read, and again after the server was away: what happened between is asked. */
  private async opened(): Promise<void> {
    const [away, waiting] = [!this.reachable, !!this.info && (this.info.stale === null || this.info.certificate.state === 'checking')];
    [this.reachable, this.heard] = [true, 0];
    const now = await api.study().catch(() => null);
    if (now && (away || waiting || now.version !== this.info?.version)) await this.refresh(now);
  }

  /** Reads what it was told of, when it is not busy with something else. */
  private catchUp(): void {
    if (!this.info || (this.heard <= this.info.version && !this.late)) return;
    this.late = false;
    void this.refresh();
  }

  /** Asks after a job until it has ended; the picture changes only when a better programme is there. */
  private follow(id: string): void {
    if (this.following === id) return;
    this.following = id;
    const ask = async (): Promise<void> => {
      if (this.following !== id) return;
      try {
        const job = await api.job(id);
        this.job = job;
        if (job.status === 'accepted' || job.status === 'running') {
          setTimeout(ask, 500);
          return;
        }
        this.following = null;
        await this.refresh();
      } catch {
        this.following = null;
      }
    };
    void ask();
  }

  private done(): void {
    this.busy--;
    if (!this.busy) this.catchUp();
  }

  private async guard(work: () => Promise<void>): Promise<void> {
    this.busy++;
    try {
      await work();
      this.reachable = true;
      this.problem = null;
    } catch (error) {
      if (error instanceof Problem) this.problem = error;
      else if (error instanceof Unreachable) this.reachable = false;
      else throw error;
    } finally {
      this.done();
    }
  }
}

export const study = new StudyStore();

/** Streets and works as one selection, with the object that was touched as what *Why?* speaks about. */
export function selectStreets(streets: Iterable<number>, focus: string | null = null, more = false): void {
  const city = study.city;
  if (!city) return;
  const ids = new Set<number>(streets);
  const works: string[] = [];
  for (const place of new Set([...ids].map((street) => city.placeOfStreet[street]))) {
    for (const work of city.places[place].works) if (ids.has(city.works.street[work])) works.push(city.works.id[work]);
  }
  const names = [...ids].map((street) => city.streets.id[street]);
  if (more) selection.toggle(names, works, focus ?? names[0] ?? null);
  else selection.take(names, works, focus ?? names[0] ?? null);
}

export function selectWorks(works: number[], focus: string | null = null, more = false): void {
  const city = study.city;
  if (!city) return;
  const streets = new Set(works.map((work) => city.works.street[work]).filter((street) => street >= 0));
  const places = [...streets].map((street) => city.streets.id[street]);
  const ids = works.map((work) => city.works.id[work]);
  if (more) selection.toggle(places, ids, focus ?? ids[0] ?? null);
  else selection.take(places, ids, focus ?? ids[0] ?? null);
}
