// Names of colours as the code uses them. The values come from colours.csv and nowhere else.
import rows, { type ColourRow } from 'virtual:colours';
import type { Language } from '../format';

const byName = new Map<string, ColourRow>(rows.map((row) => [row.name, row]));

/** One colour by name; an unknown name stops the page at once, so that no colour is made up. */
export function colour(name: string): ColourRow {
  const row = byName.get(name);
  if (!row) throw new Error(`There is no colour '${name}' in colours.csv.`);
  return row;
}

export function screen(name: string): string {
  return colour(name).screen;
}

/** The colour of a network; one that the list does not know is drawn as 'other'. */
export function network(name: string | null | undefined): ColourRow {
  const row = name ? byName.get(name) : undefined;
  return row?.group === 'network' ? row : colour('other');
}

export function label(name: string, language: Language): string {
  const row = colour(name);
  return language === 'nl' ? row.label_nl : row.label_en;
}

export const networks: ColourRow[] = rows.filter((row) => row.group === 'network');

const STEPS = rows.filter((row) => row.group === 'year').length;

/** Which step of the year scale a year has: its own when there are steps enough, else spread evenly. */
export function yearStep(year: number, first: number, periods: number): number {
  const place = Math.min(Math.max(year - first, 0), Math.max(periods - 1, 0));
  return periods <= STEPS ? place : Math.floor((place * STEPS) / periods);
}

export function yearColour(year: number, first: number, periods: number): ColourRow {
  return colour(`year.${yearStep(year, first, periods)}`);
}

/** Five classes of one grey-blue, for crowding and age. */
export const RAMP = ['#E3E6F0', '#B9C1DA', '#8C97BF', '#5B6B9E', '#2F3C6E'];
