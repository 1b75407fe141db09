// The HTTP client of the counter: reads its counts, and explains failures.
import type { Counts, ProblemDocument, Totals } from '@container-counter/api/messages';
import { explain, type Target, Unreachable } from '@container-counter/network/failure';
import { type Dispatcher, errors } from 'undici';
import { CommandError } from './errors.ts';
import { printable } from './text.ts';

/** The counter did not return its counts. */
export class NoCounts extends CommandError {
  override readonly name = 'NoCounts';
  /** Whether the response was a problem of the counter itself, so that hits may still be sent. */
  readonly inTrouble: boolean;
  constructor(message: string, inTrouble: boolean, options?: ErrorOptions) {
    super(message, options);
    this.inTrouble = inTrouble;
  }
}

/** In milliseconds. */
const TIMEOUTS = { headersTimeout: 15_000, bodyTimeout: 15_000 } as const;

/** @throws {NoCounts} */
export const getCounts = async (
  dispatcher: Dispatcher,
  url: URL,
  { signal: stop }: { readonly signal?: AbortSignal } = {},
): Promise<Counts> => {
  const late = AbortSignal.timeout(TIMEOUTS.bodyTimeout); // for all of it: undici's limits are about silence
  const signal = stop === undefined ? late : AbortSignal.any([late, stop]);
  const response = await ask(dispatcher, url, 'counts', { signal }).catch((error: unknown) => {
    const cause = late.aborted ? new Unreachable('silent', { cause: error }) : error;
    throw new NoCounts(`${sentenceOf(cause, url)} ${HINT}`, false, { cause });
  });
  if (response.status >= 500) throw new NoCounts(sentenceIn(response), true);
  const counts = response.status === 200 ? parsed(response.body) : undefined;
  if (!isCounts(counts)) {
    throw new NoCounts(
      `${url.href} is not the counter: it responded to GET /counts with status ${response.status}. ${HINT}`,
      false,
    );
  }
  return counts;
};

const HINT = 'Start the counter with "counter up", or set its URL with --url or COUNTER_URL.';

export type CounterResponse = { readonly status: number; readonly body: string };

/** GET of `path` below `url`, as a JSON client. @throws the error of undici when there is no response */
export const ask = async (
  dispatcher: Dispatcher,
  url: URL,
  path: string,
  { headers = {}, signal }: { readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal } = {},
): Promise<CounterResponse> => {
  const { statusCode, body } = await dispatcher.request({
    origin: url.origin,
    path: `${url.pathname}${path}`,
    method: 'GET',
    headers: { accept: 'application/json', ...headers },
    ...(signal && { signal }),
    ...TIMEOUTS,
  });
  return { status: statusCode, body: await body.text() };
};

export const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

/** The sentence of a response that is an error (RFC 9457), or the beginning of what it says instead. */
export const sentenceIn = ({ status, body }: CounterResponse): string => {
  const problem = parsed(body) as Partial<ProblemDocument> | null | undefined;
  const detail = typeof problem?.detail === 'string' ? problem.detail : body.trim();
  return detail === '' ? `The response was empty, with status ${status}.` : printable(detail, 500);
};

/** The error of a request, as a sentence. */
export const sentenceOf = (error: unknown, url: URL): string => explain(error, targetOf(url)).sentence;

/** The error of a request, as a key to count by: a code such as ECONNREFUSED. */
export const nameOfError = (error: unknown): string => {
  if (error instanceof AggregateError) return nameOfError(error.errors[0]);
  const { code, name } = error as NodeJS.ErrnoException;
  const cause = error instanceof errors.SocketError ? 'connection closed' : undefined;
  return cause ?? code ?? name;
};

const targetOf = ({ hostname, port, protocol }: URL): Target => ({
  what: 'The counter',
  host: hostname.replace(/^\[|\]$/g, ''),
  port: Number(port || (protocol === 'https:' ? 443 : 80)),
});

const isCounts = (value: unknown): value is Counts => isTotals(value) && isNumbers((value as Partial<Counts>).clients);

export const isTotals = (value: unknown): value is Totals => {
  const { requests, replicas } = (value ?? {}) as Partial<Totals>;
  return typeof requests === 'number' && isNumbers(replicas);
};

const isNumbers = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).every((n) => typeof n === 'number');
