// Passing state of the page: mode, language, what is open. Remembered in the browser, never in the study.
import { session } from '../api/client';
import type { Language } from '../format';

export const MODES = ['look', 'find', 'programme', 'section', 'compare', 'hand-over'] as const;
export type Mode = (typeof MODES)[number];

function remembered<T>(key: string, fallback: T): T {
  try {
    const text = localStorage.getItem(`itg.${key}`);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}

export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(`itg.${key}`, JSON.stringify(value));
  } catch {
    // a browser that forbids storage forgets; nothing of the study lies here
  }
}

class Ui {
  mode = $state<Mode>('look');
  language = $state<Language>('nl');
  twin = $state(false);
  search = $state(false);
  help = $state(false);
  panel = $state(typeof innerWidth === 'undefined' || innerWidth >= 1180 || innerWidth < 800);
  /** On a telephone: which region of the mode is shown. */
  region = $state(0);
  printing = $state(false);
  /** The form that changes many works at once is open. */
  bulk = $state(false);
  year = $state(0);
  onlyYear = $state(false);
  letters = $state(remembered('letters', true));
  who = $state<string>(remembered('who', ''));
  /** Layers of the map that the reader switched on. */
  layers = $state<Record<string, boolean>>(remembered('layers', {}));
  folded = $state<Record<string, boolean>>(remembered('folded', {}));

  setMode(mode: Mode): void {
    this.region = 0;
    this.mode = mode;
    location.hash = mode;
  }

  setLanguage(language: Language): void {
    this.language = language;
    session.language = language;
    document.documentElement.lang = language;
    remember('language', language);
  }

  setWho(who: string): void {
    this.who = who;
    remember('who', who);
  }

  fold(key: string): void {
    this.folded = { ...this.folded, [key]: !this.folded[key] };
    remember('folded', this.folded);
  }

  layer(name: string): void {
    this.layers = { ...this.layers, [name]: !this.layers[name] };
    remember('layers', this.layers);
  }

  /** Mode from the address, language from what was chosen before or from the study. */
  begin(): void {
    const hash = location.hash.slice(1);
    if ((MODES as readonly string[]).includes(hash)) this.mode = hash as Mode;
    const asked = new URLSearchParams(location.search).get('language');
    this.setLanguage(asked === 'en' || asked === 'nl' ? asked : remembered<Language>('language', 'nl'));
  }
}

export const ui = new Ui();
