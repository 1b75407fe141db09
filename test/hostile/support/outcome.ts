// Runs a case against a server, and returns the outcome, in the form in which the table shows it.
import type { Case } from './case.ts';
import { converse, STILL_THERE } from './converse.ts';
import type { Subject } from './servers.ts';
import { type SeenRequest, valuesOf } from './strict-request.ts';

export type Outcome = {
  readonly statuses: readonly number[];
  readonly open: boolean;
  readonly seen: readonly string[];
  /** All complete requests that the upstream got, byte for byte. */
  readonly carried: string;
  /** All that came back, byte for byte. */
  readonly received: string;
  /** What the upstream got that was no request, or none of this client's. */
  readonly faults: readonly string[];
};

/** One case at a time: what the recorder gets meanwhile belongs to it. */
export const outcomeOf = async ({ bytes }: Case, { port, recorder }: Subject): Promise<Outcome> => {
  recorder.clear();
  const { responses, open, received } = await converse(port, bytes);
  const requests = recorder.requests.filter(({ target }) => target !== STILL_THERE);
  return {
    statuses: responses.map(({ status }) => status),
    open,
    seen: requests.map(({ method, target }) => `${method} ${target}`),
    carried: requests.map(({ raw }) => raw).join(''),
    received,
    faults: [...recorder.malformed, ...requests.flatMap(foreign)],
  };
};

/** Requests that the proxy made carry what only it puts on: a second one within a first does not. */
const foreign = ({ method, target, fields }: SeenRequest): string[] => {
  const from = valuesOf(fields, 'x-forwarded-for').join();
  return from === '127.0.0.1' ? [] : [`${method} ${target} with X-Forwarded-For: ${from}`];
};

/** `400, closed`, or `200, 1 passed on`. */
export const shown = ({ statuses, open, seen }: Pick<Outcome, 'statuses' | 'open' | 'seen'>): string => {
  const runs = statuses.length > 3 ? `${statuses.length} × ${statuses[0]}` : statuses.join(', ');
  const said = statuses.length === 0 ? 'no response' : runs;
  return [said, ...(open ? [] : ['closed']), ...(seen.length === 0 ? [] : [`${seen.length} passed on`])].join(', ');
};
