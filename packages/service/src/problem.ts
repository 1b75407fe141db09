// Sends an error as one sentence: as text for curl, as application/problem+json (RFC 9457) for JSON clients.
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { ProblemDocument } from '@container-counter/api/messages';
import accepts from 'accepts';
import { sendJson, sendText } from './send.ts';

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
  const { status, detail, headers = {}, extensions } = problem;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  if (!res.hasHeader('Vary')) res.setHeader('Vary', 'Accept');
  const type = accepts(req).type(TYPES);
  if (type === 'text/plain' || type === false) sendText(req, res, `${detail}\n`, status);
  else
    sendJson(
      req,
      res,
      { title: STATUS_CODES[status], status, detail, ...extensions } satisfies ProblemDocument,
      status,
      'application/problem+json',
    );
};

// The first is the default for `*/*`.
const TYPES = ['text/plain', 'application/problem+json', 'application/json'];
