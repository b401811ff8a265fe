// Edits that could not be saved: kept in this browser, tried again every five seconds, never lost and never sent twice
// (each carries a key of its own, which the server knows when it comes again).
import type { EditAnswer } from '../api/types';

export interface Waiting {
  body: Record<string, unknown>;
  at: string;
}

const KEY = 'itg.waiting';
const EVERY = 5_000;

type Send = (body: Record<string, unknown>) => Promise<EditAnswer>;

class Queue {
  waiting = $state.raw<Waiting[]>([]);
  reason = $state('');
  seconds = $state(0);
  private send: Send | null = null;
  private taken: ((answer: EditAnswer) => Promise<void>) | null = null;
  private timer: ReturnType<typeof setInterval> | null = null;

  begin(send: Send, taken: (answer: EditAnswer) => Promise<void>): void {
    this.send = send;
    this.taken = taken;
    try {
      this.waiting = JSON.parse(localStorage.getItem(KEY) ?? '[]') as Waiting[];
    } catch {
      this.waiting = [];
    }
    if (this.waiting.length) this.start();
  }

  keep(body: Record<string, unknown>, reason: string): void {
    this.reason = reason;
    this.set([...this.waiting, { body, at: new Date().toISOString() }]);
    this.start();
  }

  /** Tries the oldest first; stops at the first that still cannot be saved. */
  async retry(): Promise<void> {
    this.seconds = EVERY / 1000;
    while (this.waiting.length && this.send) {
      try {
        const answer = await this.send(this.waiting[0].body);
        this.set(this.waiting.slice(1));
        await this.taken?.(answer);
      } catch (error) {
        this.reason = error instanceof Error && error.message ? error.message : this.reason;
        return;
      }
    }
    if (!this.waiting.length) this.end();
  }

  /** Takes one out, when the person gives it up. */
  drop(at: number): void {
    this.set(this.waiting.filter((_, i) => i !== at));
    if (!this.waiting.length) this.end();
  }

  private set(waiting: Waiting[]): void {
    this.waiting = waiting;
    try {
      localStorage.setItem(KEY, JSON.stringify(waiting));
    } catch {
      // the page still holds them
    }
  }

  private start(): void {
    this.seconds = EVERY / 1000;
    this.timer ??= setInterval(() => {
      this.seconds = Math.max(0, this.seconds - 1);
      if (this.seconds === 0) void this.retry();
    }, 1000);
  }

  private end(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.reason = '';
  }
}

export const queue = new Queue();
