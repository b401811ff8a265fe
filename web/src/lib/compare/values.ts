// How the value of an indicator is written: money short, counts whole, shares with their sign.
import { euroShort, number, percent, type Language } from '../format';

export function shown(value: number, unit: string, language: Language): string {
  if (unit.startsWith('EUR') || unit.startsWith('€')) return euroShort(value, language);
  if (unit === '0-1') return percent(value, language);
  return number(value, language, Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : 1);
}
