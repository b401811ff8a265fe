// A work that is being moved, by mouse, by keys or by form: what it would mean is asked while it moves; nothing is
// changed before it is let go, and outside its window nothing is changed at all before the reader decides.
import { api } from '../api/client';
import { isProblem } from '../api/problem';
import type { Action, DragSums } from '../api/types';
import { live } from '../stores/live.svelte';
import { study } from '../stores/study.svelte';
import { attempt } from '../parts/attempt.svelte';
import { t } from '../texts';

class Drag {
  works = $state.raw<number[]>([]);
  label = $state('');
  from = $state(0);
  to = $state(0);
  state = $state<'idle' | 'moving' | 'asking' | 'sending'>('idle');
  sums = $state.raw<DragSums | null>(null);
  waiting = $state(false);
  private stop: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly known = new Map<number, DragSums>();

  get active(): boolean {
    return this.state !== 'idle';
  }

  /** Works that may not be done in the year they are dragged to. */
  get outside(): number[] {
    const { city } = study;
    if (!city || !this.active) return [];
    return this.works.filter((work) => this.to < city.works.earliest[work] || this.to > city.works.latest[work]);
  }

  /** The year that each street would show. */
  get preview(): ReadonlyMap<number, number> | null {
    const { city } = study;
    if (!city || !this.active || this.to === this.from) return null;
    return new Map(this.works.map((work) => [city.works.street[work], this.to]));
  }

  start(works: number[], from: number, label: string): void {
    this.known.clear();
    this.works = works;
    this.from = this.to = from;
    this.label = label;
    this.sums = null;
    this.state = 'moving';
  }

  move(to: number): void {
    if (this.state !== 'moving' || to === this.to) return;
    this.to = to;
    this.sums = this.known.get(to) ?? null;
    this.ask();
  }

  /** Lets go: an edit when all may be done then; otherwise the panel says why not and what it would take. */
  async drop(): Promise<void> {
    if (this.state !== 'moving') return;
    if (this.to === this.from) return this.cancel();
    if (this.outside.length) {
      this.state = 'asking';
      if (!this.sums) this.ask(0);
      live.tell(`${t('cannotSo')} ${t('outsideN', { n: this.outside.length, all: this.works.length })}`);
      return;
    }
    await this.send([{ do: 'fix', works: this.ids(this.works), period: this.to }]);
  }

  /** Only the works that may be done in that year. */
  async dropInside(): Promise<void> {
    const out = new Set(this.outside);
    await this.send([{ do: 'fix', works: this.ids(this.works.filter((work) => !out.has(work))), period: this.to }]);
  }

  /** All of them, as a decision with a name and a reason. */
  async dropDecided(why: string): Promise<void> {
    await this.send([{ do: 'fix', works: this.ids(this.works), period: this.to, outside: true }], why);
  }

  cancel(): void {
    this.stop?.abort();
    if (this.timer) clearTimeout(this.timer);
    this.state = 'idle';
    this.works = [];
    this.sums = null;
    this.waiting = false;
  }

  async send(actions: Action[], why = ''): Promise<void> {
    const [label, to] = [this.label, this.to];
    this.state = 'sending';
    let outside = false;
    const done = await attempt(async () => {
      try {
        await study.edit(actions, why);
      } catch (error) {
        outside = isProblem(error, 'outside-window');
        throw error;
      }
    }, (choice) => study.edit(actions, why, { onConflict: choice }));
    if (done) {
      this.cancel();
      live.tell(study.last?.words || t('fixIn', { year: to }) + ` · ${label}`);
    } else if (outside) this.state = 'asking';
    else this.cancel();
  }

  private ids(works: number[]): string[] {
    return works.map((work) => study.city!.works.id[work]);
  }

  private ask(after = 60): void {
    if (this.timer) clearTimeout(this.timer);
    this.stop?.abort();
    const to = this.to;
    if (this.known.has(to) || to === this.from) return;
    this.waiting = true;
    this.timer = setTimeout(() => {
      this.stop = new AbortController();
      api.dragSums(this.ids(this.works), to, this.stop.signal)
        .then((sums) => {
          this.known.set(to, sums);
          if (this.to === to) {
            this.sums = sums;
            this.waiting = false;
          }
        })
        .catch(() => (this.waiting = false));
    }, after);
  }
}

export const drag = new Drag();
