// Opportunities and clashes as one triage list.
import type { City } from '../data/city';
import type { Table } from '../data/columns';

export type Verdict = 'new' | 'real' | 'later' | 'no' | 'wait' | 'apart';

/** What a person says of a line. */
export interface Told {
  verdict: Verdict;
  owner?: string;
  nextStep?: string;
  reason?: string;
  when?: number;
}

/** A clash that was put on the list by hand: behind this stands the row of room that it is about. */
export const RAISED = 'clash:room:';

export interface Line {
  id: string;
  kind: 'chance' | 'clash';
  street: number;
  name: string;
  rule: string;
  severity: string;
  works: number;
  parties: number;
  from: number;
  to: number;
  period: number;
  value: number;
  low: number;
  high: number;
  parts: { key: string; amount: number }[];
  verdict: Verdict;
  owner: string;
  step: string;
  sharing: number;
}

export const CHANCE_COLUMNS = [
  'id', 'street', 'period_from', 'period_to', 'works', 'parties', 'saving', 'moving_cost', 'net_saving', 'period', 'sharing', 'kind', 'value', 'value_low', 'value_high',
  'saving_site', 'saving_traffic', 'saving_surface', 'saving_excavation', 'saving_preparation', 'life_lost', 'waiting', 'pace_cost', 'process_cost',
  'verdict', 'status', 'owner', 'next_step',
];
export const CLASH_COLUMNS = ['id', 'rule', 'street', 'period', 'severity', 'amount', 'sharing', 'verdict', 'status', 'owner', 'next_step'];

const PLUS = ['saving_site', 'saving_traffic', 'saving_surface', 'saving_excavation', 'saving_preparation'];
const MINUS = ['life_lost', 'waiting', 'pace_cost', 'process_cost'];
const FROM_STATUS: Record<string, Verdict> = { found: 'new', proposed: 'real', in_talks: 'real', agreed: 'real', realised: 'real', refused: 'no', accepted: 'later', solved: 'no' };

function verdictOf(verdict: string | null, status: string | null): Verdict {
  if (verdict) return verdict as Verdict;
  return (status && FROM_STATUS[status]) || 'new';
}

const or = (a: number, b: number) => (Number.isNaN(a) ? b : a);

export function chanceLines(city: City, table: Table): Line[] {
  const text = (column: string) => table.text(column);
  const n = (column: string) => table.number(column);
  const [id, street, kind, verdict, status, owner, step] = ['id', 'street', 'kind', 'verdict', 'status', 'owner', 'next_step'].map(text);
  const [from, to, works, parties, net, period, sharing, value, low, high, saving, moving] =
    ['period_from', 'period_to', 'works', 'parties', 'net_saving', 'period', 'sharing', 'value', 'value_low', 'value_high', 'saving', 'moving_cost'].map(n);
  const plus = PLUS.map((key) => [key, n(key)] as const);
  const minus = MINUS.map((key) => [key, n(key)] as const);
  const detailed = table.has('saving_site');
  const out: Line[] = [];
  for (let row = 0; row < table.rows; row++) {
    if (kind[row] !== null && kind[row] !== 'joint' && kind[row] !== 'near_miss') continue;
    if (status[row] === 'lapsed') continue;
    const at = city.streets.index.get(street[row] ?? '') ?? -1;
    const parts = detailed
      ? [...plus.map(([key, values]) => ({ key, amount: values[row] })), ...minus.map(([key, values]) => ({ key, amount: -values[row] }))]
      : [{ key: 'saving', amount: saving[row] }, { key: 'moving', amount: -moving[row] }];
    const best = or(value[row], net[row]);
    out.push({
      id: id[row] ?? '', kind: 'chance', street: at, name: city.placeName(at), rule: '', severity: '', works: works[row], parties: parties[row], from: from[row],
      to: to[row], period: period[row], value: best, low: or(low[row], best), high: or(high[row], best), parts: parts.filter((part) => part.amount),
      verdict: verdictOf(verdict[row], status[row]), owner: owner[row] ?? '', step: step[row] ?? '', sharing: sharing[row],
    });
  }
  return out;
}

export function clashLines(city: City, table: Table): Line[] {
  const text = (column: string) => table.text(column);
  const [id, rule, street, severity, verdict, status, owner, step] = ['id', 'rule', 'street', 'severity', 'verdict', 'status', 'owner', 'next_step'].map(text);
  const [period, amount, sharing] = ['period', 'amount', 'sharing'].map((column) => table.number(column));
  const out: Line[] = [];
  for (let row = 0; row < table.rows; row++) {
    if (status[row] === 'lapsed') continue;
    const at = city.streets.index.get(street[row] ?? '') ?? -1;
    out.push({
      id: id[row] ?? '', kind: 'clash', street: at, name: city.placeName(at), rule: rule[row] ?? '', severity: severity[row] ?? '', works: NaN, parties: NaN,
      from: period[row], to: period[row], period: period[row], value: amount[row], low: amount[row], high: amount[row], parts: [],
      verdict: verdictOf(verdict[row], status[row]), owner: owner[row] ?? '', step: step[row] ?? '', sharing: sharing[row],
    });
  }
  return out;
}

const GRAVE: Record<string, number> = { high: 3, medium: 2, low: 1 };

/** New first among equals: opportunities by value, clashes by gravity, woven so that the gravest stand high. */
export function ordered(lines: Line[]): Line[] {
  const chances = lines.filter((line) => line.kind === 'chance').sort((a, b) => b.value - a.value || a.name.localeCompare(b.name, 'nl'));
  const clashes = lines.filter((line) => line.kind === 'clash').sort((a, b) => (GRAVE[b.severity] ?? 0) - (GRAVE[a.severity] ?? 0) || a.period - b.period || a.name.localeCompare(b.name, 'nl'));
  const out: Line[] = [];
  let [i, j] = [0, 0];
  while (i < chances.length || j < clashes.length) {
    for (let n = 0; n < 2 && i < chances.length; n++) out.push(chances[i++]);
    if (j < clashes.length) out.push(clashes[j++]);
  }
  return out;
}
