// Clients that keep sending hits while something happens to the cluster.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { Cleanup } from '@container-counter/testing/ends';
import { eventually } from '@container-counter/testing/eventually';

export type LoadResponse = {
  readonly status: number;
  readonly servedBy: string | null;
  readonly attempts: number;
  readonly body: string;
};

export type Load = {
  /** Every response so far, in the order of arrival; an error of the connection has status 0 and its message as body. */
  readonly responses: readonly LoadResponse[];
  /** Resolves after the next response that `test` accepts. @throws when there is none for a minute */
  readonly until: (test: (response: LoadResponse) => boolean) => Promise<void>;
  /** Resolves with every response, once the last one is there. */
  readonly stop: () => Promise<readonly LoadResponse[]>;
};

/**
 * Sends `GET /` `perSecond` times a second, however long the responses take, until `stop` or the end of the test. Each has a
 * connection of its own: one that is kept may be closed just as it is used again, which is nobody's fault. Where this
 * process itself is too slow it sends less: with thousands of connections, Docker's port forwarder runs out of files and ends.
 */
export const startSteadyLoad = (t: Cleanup, url: string, perSecond: number): Pick<Load, 'responses' | 'stop'> => {
  const responses: LoadResponse[] = [];
  const pending = new Set<Promise<unknown>>();
  let next = performance.now();
  const send = () => {
    const sent = hitAlone(url).then((response) => {
      responses.push(response);
      pending.delete(sent);
    });
    pending.add(sent);
  };
  const timer = setInterval(() => {
    const now = performance.now();
    for (; next <= now && pending.size < MAX_PENDING; next += 1000 / perSecond) send();
    if (pending.size === MAX_PENDING) next = now; // what could not be sent is not made up for
  }, 5);
  const stop = async () => {
    clearInterval(timer);
    await Promise.all(pending);
    return responses;
  };
  t.after(stop);
  return { responses, stop };
};

const MAX_PENDING = 200;

/**
 * Starts clients that each send `GET /` one after the other, until `stop` or the end of the test.
 * @param pauseMs of each client before its next request; without it, they take all of the machine
 */
export const startLoad = (t: Cleanup, url: string, pauseMs = 0): Load => {
  const responses: LoadResponse[] = [];
  let running = true;
  const loop = async () => {
    while (running) {
      const response = await hit(url);
      responses.push(response);
      if (pauseMs > 0) await pause(pauseMs);
    }
  };
  const loops = Array.from({ length: CLIENTS }, loop);
  const stop = async () => {
    running = false;
    await Promise.all(loops);
    return responses;
  };
  t.after(stop);
  return {
    responses,
    until: async (test) => {
      let next = responses.length;
      await eventually(() => {
        const found = responses.slice(next).some(test);
        next = responses.length;
        assert.ok(
          found,
          `none of ${responses.length} responses was the one waited for; the last: ${JSON.stringify(responses.at(-1))}`,
        );
      });
    },
    stop,
  };
};

const CLIENTS = 8;

const hitAlone = async (url: string): Promise<LoadResponse> => {
  try {
    const request = get(url, { agent: false, headers: { accept: 'text/plain' } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return {
      status: response.statusCode ?? 0,
      servedBy: response.headers['x-served-by']?.toString() ?? null,
      attempts: Number(response.headers['x-attempts']),
      body: await text(response),
    };
  } catch (error) {
    return { status: 0, servedBy: null, attempts: 0, body: String(error) };
  }
};

export const hit = async (url: string): Promise<LoadResponse> => {
  try {
    const response = await fetch(url, { headers: { accept: 'text/plain' } });
    const attempts = Number(response.headers.get('x-attempts'));
    return {
      status: response.status,
      servedBy: response.headers.get('x-served-by'),
      attempts,
      body: await response.text(),
    };
  } catch (error) {
    return { status: 0, servedBy: null, attempts: 0, body: String((error as Error).cause ?? error) };
  }
};

/** The numbers of the acknowledged hits, in ascending order. */
export const numbersOf = (responses: readonly LoadResponse[]): number[] =>
  responses
    .filter(({ status }) => status === 200)
    .map(({ body }) => Number(/^hit (\d+) /.exec(body)?.[1]))
    .sort((a, b) => a - b);
