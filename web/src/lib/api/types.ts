// The shapes that the server answers with, as the contract has them. Columns of tables keep their own names.

export type Id = string;

export interface FileState {
  name: string;
  state: 'saved' | 'saving' | 'waiting' | 'read-only';
  at: string | null;
  waiting: number;
  sentence: string;
  program: string | null;
}
export interface Change {
  change: string;
  words: string;
  who: string;
  at: string;
  edits: Id[];
}
export interface Steps {
  count: number;
  last: Change[];
}
export interface Certificate {
  state: 'checked' | 'improving' | 'stale' | 'impossible' | 'unchecked' | 'none';
  gap: number | null;
  gapShown: string | null;
  objective: number | null;
  lowerBound: number | null;
  proven: boolean;
  sentence: string;
  sentences: string[];
  job: Id | null;
}
export interface Stale {
  verb: string;
  title: string;
  reason: string;
}
export interface Scenario {
  id: Id;
  name: string;
  edits: number;
  hasProgramme: boolean;
}
export interface PartyInfo {
  id: Id;
  name: string;
  role: string | null;
  works: number;
}
export interface StudyInfo {
  id: Id;
  name: string;
  file: FileState;
  version: number;
  programVersion: string;
  readOnly: boolean;
  as: Id | null;
  settings: {
    crs: string;
    first: number;
    periods: number;
    priceLevel: number;
    language: 'nl' | 'en';
    fixedYears: number;
    indicativeYears: number;
  };
  bbox: [number, number, number, number] | null;
  counts: Record<string, number>;
  revisions: Record<string, string>;
  stale: Stale[];
  undo: Steps;
  redo: Steps;
  scenario: Id | null;
  scenarios: Scenario[];
  parties: PartyInfo[];
  periods: number[];
  certificate: Certificate;
  jobs: Id[];
}

export interface TableInfo {
  name: string;
  title: string;
  rows: number;
  columns: { name: string; type: string; unit: string | null; title: string }[];
}

/** A table as it travels: a column is a list, or words and codes. */
export interface RawColumn {
  type: 'text' | 'int' | 'float' | 'bool' | 'geometry';
  values?: (string | number | boolean | null)[];
  words?: string[];
  codes?: number[];
  resolution?: number;
  origin?: [number, number];
  kinds?: number[];
  parts?: number[];
  points?: number[];
  coords?: number[];
}
export interface RawTable {
  table: string;
  revision: string;
  rows: number;
  columns: Record<string, RawColumn>;
}

export type Action =
  | { do: 'fix'; works: Id[]; period: number; outside?: boolean }
  | { do: 'release'; works: Id[] }
  | { do: 'forbid' | 'allow'; works: Id[]; period: number }
  | { do: 'keep-together' | 'keep-apart'; works: Id[] }
  | { do: 'end-agreement'; agreement: Id }
  | { do: 'limit'; party: Id; resource: string; period: number; amount: number }
  | { do: 'set'; table: string; rows: Id[]; column: string; value: unknown }
  | { do: 'shift'; rows: Id[]; years: number }
  | { do: 'judge'; rows: Id[]; verdict: string; reason?: string; owner?: string; nextStep?: string; when?: number }
  | { do: 'adopt'; until?: number }
  | { do: 'assume-year'; area: Id | null; year: number };

export interface Moved {
  work: Id;
  name: string;
  from: number | null;
  to: number | null;
  party: Id;
}
export interface Replan {
  moved: Moved[];
  openings: { before: number; after: number };
  cost: { before: number; after: number; change: number };
  certificate: Certificate;
  loads: Loads;
  seconds: number;
  job: Id | null;
}
export interface EditAnswer {
  edits: { id: Id; words: string }[];
  change: string;
  undo: { count: number };
  redo: { count: number };
  version: number;
  revisions: Record<string, string>;
  file: FileState;
  stale: Stale[];
  unheeded: string[];
  replan?: Replan | null;
  scenario?: Id | null;
}

export interface LoadRow {
  resource: string;
  title: string;
  party: Id | null;
  partyName?: string | null;
  unit: string;
  load: (number | null)[];
  limit: (number | null)[];
  price?: (number | null)[];
  over?: boolean[];
  largest?: Id[][];
}
export interface Loads {
  periods: number[];
  rows: LoadRow[];
  sums: LoadRow[];
}

export interface Need {
  words: string;
  actions: Action[];
  price: number | null;
}
export interface OtherYear {
  period: number;
  allowed: boolean;
  extra: number | null;
  atPrices?: number | null;
  terms: { term: string; title: string; amount: number }[];
  twice?: boolean;
  reasons: string[];
  forbidden: string[];
  needs: Need[];
}
export interface Alternatives {
  work: Id;
  name: string;
  given: number | null;
  window: { earliest: number | null; preferred: number | null; latest: number | null };
  fixed: number | null;
  opening: Id | null;
  together: Id[];
  years: OtherYear[];
  later: { extra: number | null } | null;
}
export interface DragSums {
  extra: number | null;
  forbidden: string[];
  reasons: string[];
  loads: Loads | null;
}

export interface FigureNote {
  id: string;
  title: string;
  value: string;
  unit: string;
  status: 'firm' | 'indicative' | 'placeholder' | 'gap';
  source: string;
}
export interface Reasons {
  id: Id;
  title: string;
  table: string;
  text: string;
  groups: { table: string; heading: string; sentences: { row: Id; code: string; text: string; figure: FigureNote | null }[] }[];
  decisions: { edit: Id; text: string }[];
  findings: { severity: string; text: string }[];
  figures: FigureNote[];
}

export interface ComparisonParty {
  party: Id;
  name: string;
  values: Record<string, Record<string, number>>;
  parts: { title: string; amount: number }[];
  net: number | null;
}
export interface Comparison {
  columns: { id: string; name: string; computed: boolean }[];
  rows: { indicator: string; title: string; unit: string; values: (number | null)[]; best: number | null; lowerIsBetter: boolean }[];
  parties: ComparisonParty[];
  saving: { low: number; high: number } | null;
  sentence: string;
}

export interface Job {
  jobID: Id;
  processID: string;
  status: 'accepted' | 'running' | 'successful' | 'failed' | 'dismissed';
  message: string | null;
  progress: number | null;
  created: string;
  started: string | null;
  finished: string | null;
  scenario?: Id | null;
  detail?: {
    step?: string;
    cost?: number | null;
    bound?: number | null;
    gap?: number | null;
    seconds?: number | null;
    rounds?: number | null;
    better?: number | null;
    took?: { verb: string; seconds: number }[];
  };
}

export interface CardAsset {
  id: Id;
  kind: string;
  title: string;
  code: string;
  party: Id | null;
  partyName: string | null;
  yearBuilt: number | null;
  condition: number | null;
  material: string | null;
  end: { low: number | null; expected: number | null; high: number | null; status: string; figure: string } | null;
}
export interface Card {
  title: string;
  subtitle: string;
  facts: { title: string; value: number | string | null; unit: string | null }[];
  streets: Id[];
  bbox: [number, number, number, number] | null;
  assets: {
    count: number;
    byKind: { kind: string; title: string; code: string; party: Id | null; partyName: string | null; count: number; length: number | null; unknownYear: number }[];
    ages: { decade: number; count: number; length: number | null }[];
    rows: CardAsset[];
  };
  meeting: { from: number; to: number; assets: Id[] }[];
  works: Id[];
  openings: Id[];
  plans: Id[];
  opportunities: Id[];
  clashes: Id[];
  openingsPast: unknown[];
  room: unknown[];
  sources: string[];
}

export interface Hit {
  id: Id;
  table: string;
  title: string;
  subtitle: string;
  bbox: [number, number, number, number] | null;
}

export interface DocumentInfo {
  id: string;
  title: string;
  format: string;
  href: string;
  gate: { passed: number; of: number } | null;
}
export interface Gate {
  checks: { id: string; state: 'ok' | 'partly' | 'no'; title: string; sentence: string; fix: { mode: string; ids: Id[] } | null }[];
  passed: boolean;
}

export interface Upload {
  id: Id;
  name: string;
  size: number;
  format: string;
  macro: boolean;
  notes: string[];
  sheets: { name: string; header: string[]; preview: unknown[][] }[];
  columns: { column: string; title: string; from: string | null; required: boolean }[];
  questions: { id: string; kind: string; text: string; about: string; options: { value: string; label: string }[]; rows: number; required: boolean }[];
  result: {
    read: number;
    of: number;
    added: number;
    changed: number;
    same: number;
    unplaced: number;
    sentence: string;
    differences: { row: Id; name: string; column: string; title: string; was: unknown; now: unknown; kept: boolean }[];
  } | null;
}

export interface Words {
  kinds: { kind: string; title: string; code: string; network: string; discipline: string; geometry: string }[];
  lists: Record<string, Record<string, string>>;
  codes: Record<string, { code: string; network: string }>;
}
export interface SectionTable {
  columns: { name: string; title: string; unit?: string | null }[] | string[];
  rows: Record<string, unknown>[] | unknown[][];
  drawn: 'stack' | 'section';
}
