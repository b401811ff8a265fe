// What went wrong, in the words of the server (RFC 9457) or because the server does not answer.

export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail?: string;
  [extra: string]: unknown;
}

/** An answer that says no, with the sentence to show. `word` is the stable last part of the type. */
export class Problem extends Error {
  readonly word: string;
  readonly status: number;
  readonly title: string;
  readonly body: ProblemBody;

  constructor(body: ProblemBody) {
    super(body.detail || body.title);
    this.body = body;
    this.word = String(body.type ?? '').split('/').pop() || 'unknown';
    this.status = body.status;
    this.title = body.title;
  }
}

/** The program on this computer does not answer. Nothing was lost on its side: every edit is on disk before it answers. */
export class Unreachable extends Error {}

export function isProblem(error: unknown, word?: string): error is Problem {
  return error instanceof Problem && (word === undefined || error.word === word);
}
