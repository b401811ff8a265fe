// Short names for the shapes of the server. They are generated from its OpenAPI description (`npm run api`); only what
// that description leaves open (actions, the words of the domain, details of a job) is written down here.
import type { components } from './schema';

type S = components['schemas'];

export type Id = string;
export type StudyInfo = S['StudyTold'];
export type FileState = S['FileTold'];
export type Certificate = S['Certificate'];
export type PartyInfo = S['PartyTold'];
export type Scenario = S['ScenarioTold'];
export type TableInfo = S['TableAbout'];
export type Moved = S['Moved'];
export type Replan = S['ReplanTold'];
export type EditAnswer = S['ChangeAnswer'];
export type LoadRow = S['Load'];
export type Loads = S['Loads'];
export type OtherYear = S['Year'];
export type Alternatives = S['Alternatives'];
export type DragSums = S['DragTold'];
export type Reasons = S['Reasons'];
export type Figure = S['FigureTold'];
export type Comparison = S['Comparison'];
export type ComparisonParty = S['PartyCompared'];
export type Card = S['Card'];
export type CardAsset = S['AssetRow'];
export type Hit = S['Hit'];
export type DocumentInfo = S['Document'];
export type Gate = S['Gates'];
export type Upload = S['UploadTold'];
export type Across = S['Across'];
export type SectionThing = S['Thing'];
export type SectionJudged = S['Judged'];
export type Tested = S['Tested'];
export type Along = S['Along'];
export type Need = Omit<S['Need'], 'actions'> & { actions: Action[] };

/** A table as it travels: a column is a list of values, or words and codes, or geometry. */
export type RawColumn = S['PackedColumn'];
export type RawTable = S['PackedTable'];

/** Gestures of the workbench; the server turns them into edits of tables. */
export type Action =
  | { do: 'fix'; works: Id[]; period: number; outside?: boolean }
  | { do: 'release' | 'later'; works: Id[] }
  | { do: 'forbid' | 'allow'; works: Id[]; period: number }
  | { do: 'keep-together' | 'keep-apart'; works: Id[] }
  | { do: 'end-agreement'; agreement: Id }
  | { do: 'limit'; party: Id; resource: string; period: number; amount: number }
  | { do: 'set'; table: string; rows: Id[]; column: string; value: unknown }
  | { do: 'shift'; rows: Id[]; years: number }
  | { do: 'judge'; rows: Id[]; verdict: string; reason?: string; owner?: string; nextStep?: string; when?: number }
  | { do: 'put-on-list'; row: Id; verdict: string; reason?: string; owner?: string; nextStep?: string; when?: number }
  | { do: 'adopt'; until?: number }
  | { do: 'assume-year'; area: Id | null; year: number };

export type Job = Omit<S['JobTold'], 'detail'> & {
  detail: { step?: string; cost?: number; bound?: number; gap?: number; seconds?: number; rounds?: number; better?: number; took?: { verb: string; seconds: number }[] };
};

/** The words of the domain, so that the browser knows none of its own. */
export type Words = S['WordsTold'];
