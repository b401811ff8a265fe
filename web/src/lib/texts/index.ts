// All words of the screen: each text stands once, in Dutch and English beside each other, in the file of its place.
import { ui } from '../stores/ui.svelte';
import type { Language } from '../format';
import { compare } from './compare';
import { errors } from './errors';
import { find } from './find';
import { frame } from './frame';
import { handOver } from './hand_over';
import { look } from './look';
import { programme } from './programme';
import { section } from './section';
import { upload } from './upload';

export const texts = { ...frame, ...look, ...find, ...programme, ...section, ...compare, ...handOver, ...upload, ...errors };

export const files = [frame, look, find, programme, section, compare, handOver, upload, errors];

export type Key = keyof typeof texts;

/** A text in that language, with `{names}` filled in. */
export function say(key: Key, language: Language, values: Record<string, string | number> = {}): string {
  const text: string = texts[key][language === 'nl' ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '?'));
}

/** A text in the language of the page. */
export function t(key: Key, values?: Record<string, string | number>): string {
  return say(key, ui.language, values);
}

/** One or many: `key1` for one, `key` for any other number. */
export function many(n: number, one: Key, more: Key, values: Record<string, string | number> = {}): string {
  const shown = new Intl.NumberFormat(ui.language === 'nl' ? 'nl-NL' : 'en-GB').format(n);
  return t(n === 1 ? one : more, { n: shown, ...values });
}
