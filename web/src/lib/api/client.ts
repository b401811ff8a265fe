// The only file that talks to the server. Every request carries the language, the scenario and the party of the moment.
import type * as T from './types';
import { Problem, Unreachable, type ProblemBody } from './problem';

type Value = string | number | boolean | null | undefined;
export type Query = Record<string, Value | Value[]>;

/** What every request carries; set by the stores, read here. */
export const session: { language: string; scenario: T.Id | null; party: T.Id | null } = { language: 'nl', scenario: null, party: null };

const BASE = '/v1';

export function address(path: string, query: Query = {}): string {
  const all = new URLSearchParams();
  for (const [key, value] of Object.entries({ language: session.language, scenario: session.scenario, party: session.party, ...query })) {
    if (value === null || value === undefined) continue;
    all.set(key, Array.isArray(value) ? value.join(',') : String(value));
  }
  return `${BASE}${path}?${all}`;
}

async function answer(response: Response): Promise<unknown> {
  const text = response.status === 204 ? '' : await response.text();
  let body: unknown = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    body = null;
  }
  if (response.ok) return body;
  throw new Problem((body as ProblemBody) ?? { type: 'unknown', title: response.statusText || String(response.status), status: response.status });
}

async function send<R>(path: string, init: RequestInit, query: Query = {}): Promise<R> {
  let response: Response;
  try {
    response = await fetch(address(path, query), init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Unreachable(String(error));
  }
  return (await answer(response)) as R;
}

const get = <R>(path: string, query?: Query, signal?: AbortSignal) => send<R>(path, { signal }, query);

const post = <R>(path: string, body: unknown, query?: Query, signal?: AbortSignal) =>
  send<R>(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal }, query);

const part = encodeURIComponent;

export const api = {
  study: () => get<T.StudyInfo>('/study'),
  reload: () => post<T.StudyInfo>('/study/reload', {}),
  copy: (name: string) => post<T.StudyInfo>('/study/copies', { name }),
  words: () => get<T.Words>('/words'),

  tables: () => get<{ tables: T.TableInfo[] }>('/tables'),
  members: (set: T.Id) => get<{ features: { properties: { member: T.Id; role: string } }[] }>('/collections/members/items', { set, limit: 500 }),
  table: (name: string, columns: string[], query: Query = {}) => get<T.RawTable>(`/tables/${part(name)}`, { columns, ...query }),
  rows: (name: string, ids: T.Id[]) => get<{ rows: Record<string, unknown>[] }>(`/tables/${part(name)}/rows`, { ids }),
  excel: (name: string, query: Query = {}) => address(`/tables/${part(name)}/excel`, query),

  edit: (body: Record<string, unknown>) => post<T.EditAnswer>('/edits', body),
  undo: (body: Record<string, unknown>) => post<T.EditAnswer>('/edits/undo', body),
  redo: (body: Record<string, unknown>) => post<T.EditAnswer>('/edits/redo', body),

  newScenario: (name: string, from: T.Id | null) => post<T.Scenario>('/scenarios', { name, from }),
  renameScenario: (id: T.Id, name: string) =>
    send<T.Scenario>(`/scenarios/${part(id)}`, { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name }) }),
  dropScenario: (id: T.Id) => send<null>(`/scenarios/${part(id)}`, { method: 'DELETE' }),

  programme: () => get<{ certificate: T.Certificate }>('/programme'),
  loads: () => get<T.Loads>('/programme/loads'),
  alternatives: (work: T.Id, signal?: AbortSignal) => get<T.Alternatives>(`/works/${part(work)}/alternatives`, {}, signal),
  dragSums: (works: T.Id[], period: number, signal?: AbortSignal) => post<T.DragSums>('/programme/alternatives', { works, period }, {}, signal),
  reasons: (id: T.Id, signal?: AbortSignal) => get<T.Reasons>(`/reasons/${part(id)}`, {}, signal),
  figures: () => get<{ figures: T.Figure[] }>('/figures'),
  comparison: (columns: string[]) => get<T.Comparison>('/comparison', { columns }),

  execute: (process: string, inputs: Record<string, unknown> = {}) => post<T.Job>(`/processes/${part(process)}/execution`, { inputs, scenario: session.scenario }),
  job: (id: T.Id) => get<T.Job>(`/jobs/${part(id)}`),
  stop: (id: T.Id) => send<T.Job>(`/jobs/${part(id)}`, { method: 'DELETE' }),

  search: (q: string, signal?: AbortSignal) => get<{ hits: T.Hit[] }>('/search', { q, limit: 20 }, signal),
  card: (body: { area?: unknown; ids?: T.Id[] }, signal?: AbortSignal) => post<T.Card>('/cards', body, {}, signal),
  sheet: (street: T.Id, query: Query) => address(`/streets/${part(street)}/section`, query),
  across: (street: T.Id, query: Query, signal?: AbortSignal) => get<T.Across>(`/streets/${part(street)}/section/view`, query, signal),
  along: (street: T.Id, signal?: AbortSignal) => get<T.Along>(`/streets/${part(street)}/section/strip`, {}, signal),
  tryClaim: (street: T.Id, at: number, body: Record<string, unknown>, signal?: AbortSignal) => post<T.Tested>(`/streets/${part(street)}/section/trials`, body, { at }, signal),

  /** The address of a document: in the language and the scenario of the page. */
  document: (id: string, query: Query = {}) => address(`/documents/${part(id)}`, query),
  documents: () => get<{ documents: T.DocumentInfo[] }>('/documents'),
  gates: (query: Query) => get<T.Gate>('/gates', query),

  upload: (file: File, signal?: AbortSignal) =>
    send<T.Upload>('/uploads', { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: file, signal }, { name: file.name }),
  answers: (id: T.Id, answers: Record<string, string>) => post<T.Upload>(`/uploads/${part(id)}/answers`, { answers }),
  adoptUpload: (id: T.Id, body: Record<string, unknown>) => post<T.EditAnswer>(`/uploads/${part(id)}/adoption`, body),
  dropUpload: (id: T.Id) => send<null>(`/uploads/${part(id)}`, { method: 'DELETE' }),
};
