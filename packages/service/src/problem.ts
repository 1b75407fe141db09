// Sends an error as one sentence: as text for curl, as application/problem+json (RFC 9457) for JSON clients.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProblemDocument } from '@container-counter/api/messages';
import accepts from 'accepts';
import { STATUS_CODES } from './http.ts';
import { send } from './send.ts';

export type Problem = {
  /** The HTTP status. */
  readonly status: number;
  /** One sentence for a person: what was wrong and what to do. */
  readonly detail: string;
  /** Headers that go with this status, such as `allow` or `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Extension members (RFC 9457, 3.2), only in the JSON form. */
  readonly extensions?: Readonly<Record<string, unknown>>;
};

/** Responds to `req` with `problem`, in the form that its `Accept` header prefers; text by default. */
export const sendProblem = (req: IncomingMessage, res: ServerResponse, problem: Problem): void => {
  const { type, body } = problemContent(req, problem);
  for (const [name, value] of Object.entries(problem.headers ?? {})) res.setHeader(name, value);
  if (!res.hasHeader('Vary')) res.setHeader('Vary', 'Accept');
  send(req, res, problem.status, type, body);
};

/** The body that `sendProblem` sends, and its media type. */
export const problemContent = (
  { headers }: Pick<IncomingMessage, 'headers'>,
  { status, detail, extensions }: Problem,
): { readonly type: string; readonly body: string } => {
  const type = accepts({ headers } as IncomingMessage).type(TYPES);
  if (type === 'text/plain' || type === false) return { type: 'text/plain; charset=utf-8', body: `${detail}\n` };
  const document = { title: STATUS_CODES[status], status, detail, ...extensions } satisfies ProblemDocument;
  return { type: 'application/problem+json', body: `${JSON.stringify(document)}\n` };
};

// The first is the default for `*/*`.
const TYPES = ['text/plain', 'application/problem+json', 'application/json'];
