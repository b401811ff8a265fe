// Numbers, amounts and years as people write them, in Dutch and English. Rounding happens here only; halves go up.

export type Language = 'nl' | 'en';

const THIN = '\u202f'; // narrow no-break space
const HARD = '\u00a0'; // no-break space
const MINUS = '\u2212';

export const UNKNOWN = '?';

type Maybe = number | null | undefined;

function known(value: Maybe): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Halves up (away from zero), also where binary fractions would round down: 1.005 → 1.01. */
export function rounded(value: number, decimals = 0): number {
  const shifted = Number(`${Math.abs(value)}e${decimals}`);
  const whole = Math.floor((Number.isFinite(shifted) ? shifted : Math.abs(value) * 10 ** decimals) + 0.5);
  const out = Number(`${whole}e-${decimals}`);
  return value < 0 ? -out : out;
}

const formats = new Map<string, Intl.NumberFormat>();

function plain(value: number, decimals: number, language: Language): string {
  const key = `${language}${decimals}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(language === 'nl' ? 'nl-NL' : 'en-GB', {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    formats.set(key, format);
  }
  return format.format(value);
}

/** 1.142 or 17,5; unknown is a question mark, never zero. */
export function number(value: Maybe, language: Language, decimals = 0): string {
  if (!known(value)) return UNKNOWN;
  const round = rounded(value, decimals);
  const text = plain(Math.abs(round), decimals, language);
  return round < 0 ? `${MINUS}${text}` : text;
}

function sign(text: string, negative: boolean, language: Language): string {
  const euro = language === 'nl' ? `€${HARD}` : '€';
  if (!negative) return euro + text;
  return language === 'nl' ? `${MINUS}${HARD}${euro}${text}` : `${MINUS}${euro}${text}`;
}

/** The amount in full: € 1.240.000. */
export function euro(value: Maybe, language: Language, decimals = 0): string {
  if (!known(value)) return UNKNOWN;
  const round = rounded(value, decimals);
  return sign(plain(Math.abs(round), decimals, language), round < 0, language);
}

/** For dense places: € 295k, € 36,96 mln. Under a thousand in full. */
export function euroShort(value: Maybe, language: Language): string {
  if (!known(value)) return UNKNOWN;
  const size = Math.abs(value);
  if (size >= 999_500) {
    return sign(`${plain(rounded(size / 1e6, 2), 2, language)}${HARD}${language === 'nl' ? 'mln' : 'M'}`, value < 0, language);
  }
  if (size >= 1_000) return sign(`${plain(rounded(size / 1e3), 0, language)}k`, value < 0, language);
  return euro(value, language);
}

/** How a screen reader says it: 295 duizend euro. */
export function euroSpoken(value: Maybe, language: Language): string {
  if (!known(value)) return language === 'nl' ? 'onbekend' : 'unknown';
  const size = Math.abs(value);
  const less = value < 0 ? (language === 'nl' ? 'min ' : 'minus ') : '';
  if (size >= 999_500) {
    return `${less}${plain(rounded(size / 1e6, 2), 2, language)} ${language === 'nl' ? 'miljoen' : 'million'} euro`;
  }
  if (size >= 1_000) return `${less}${plain(rounded(size / 1e3), 0, language)} ${language === 'nl' ? 'duizend' : 'thousand'} euro`;
  return `${less}${plain(rounded(size), 0, language)} euro`;
}

/** A change: + € 71k or − € 41k; no change is written as such. */
export function euroChange(value: Maybe, language: Language): string {
  if (!known(value)) return UNKNOWN;
  if (Math.abs(value) < 0.5) return euro(0, language);
  const text = euroShort(value, language);
  if (value < 0) return text;
  return language === 'nl' ? `+${HARD}${text}` : `+${text}`;
}

/** 0,4 % (Dutch) or 0.4% (English). */
export function percent(share: Maybe, language: Language, decimals = 1): string {
  if (!known(share)) return UNKNOWN;
  return number(share * 100, language, decimals) + (language === 'nl' ? `${THIN}%` : '%');
}

/** The gap of a certificate, always rounded up to one decimal and never under 0,1. */
export function gap(share: Maybe, language: Language): string {
  if (!known(share)) return UNKNOWN;
  const up = Math.max(0.1, Math.ceil(Number((share * 1000).toFixed(6))) / 10);
  return plain(up, 1, language) + (language === 'nl' ? `${THIN}%` : '%');
}

/** A number with its unit behind it: 17,5 m. */
export function measure(value: Maybe, unit: string, language: Language, decimals = 0): string {
  return `${number(value, language, decimals)}${HARD}${unit}`;
}

export function year(value: Maybe): string {
  return known(value) ? String(Math.trunc(value)) : UNKNOWN;
}

/** ’29, for narrow columns. */
export function shortYear(value: number): string {
  return `’${String(value % 100).padStart(2, '0')}`;
}

/** 2028–2032; one year stands alone; an open end says so. */
export function years(from: Maybe, to: Maybe): string {
  if (!known(from) && !known(to)) return UNKNOWN;
  return from === to ? year(from) : `${year(from)}–${year(to)}`;
}

/** 1e, 2e or 1st, 2nd: for quarters. */
export function ordinal(n: number, language: Language): string {
  if (language === 'nl') return `${n}e`;
  return `${n}${['th', 'st', 'nd', 'rd'][n] ?? 'th'}`;
}

export function change(value: Maybe, language: Language, one: string, many: string): string {
  if (!known(value)) return UNKNOWN;
  if (value === 0) return '–';
  const text = plain(Math.abs(value), 0, language);
  return `${value > 0 ? '+' : MINUS}${text}${HARD}${Math.abs(value) === 1 ? one : many}`;
}

/** 14:32, in the clock of the reader. */
export function clock(at: string | number | Date): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return UNKNOWN;
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}

/** 24 november 2026 or 24 November 2026. */
export function longDate(at: string | number | Date, language: Language): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return UNKNOWN;
  return new Intl.DateTimeFormat(language === 'nl' ? 'nl-NL' : 'en-GB', { day: 'numeric', month: 'long', year: 'numeric' }).format(date);
}

/** What a person types as an amount or number, in either notation; null when it is none. */
export function parseNumber(text: string, language: Language): number | null {
  const bare = text.replace(/[€\s\u00a0\u202f]/g, '').replace(MINUS, '-');
  const scale = /mln|mio|m$/i.test(bare) ? 1e6 : /k$/i.test(bare) ? 1e3 : 1;
  const digits = bare.replace(/(mln|mio|m|k)$/i, '');
  const [thousands, point] = language === 'nl' ? ['.', ','] : [',', '.'];
  const plainDigits = digits.split(thousands).join('').replace(point, '.');
  if (!/^-?\d+(\.\d+)?$/.test(plainDigits)) return null;
  return Number(plainDigits) * scale;
}
