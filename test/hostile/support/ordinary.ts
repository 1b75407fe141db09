// Ordinary requests, one after the other, while something else happens.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** @returns what `other` resolved with, and how many ordinary requests were served meanwhile, each with 200 */
export const serveMeanwhile = async <T>(port: number, other: Promise<T>): Promise<[T, served: number]> => {
  let over = false;
  const ended = () => {
    over = true;
  };
  other.then(ended, ended);
  let served = 0;
  while (!over) {
    const [status, body] = await ask(port);
    // A busy machine may take longer to send than the limits allow that make a storm quick.
    assert.ok(status === 200 || status === 408, body);
    if (status === 200) served += 1;
  }
  assert.ok(served > 0);
  return [await other, served];
};

/** An ordinary request, over a new connection, is served with 200. */
export const assertServes = async (port: number): Promise<void> => {
  const [status, body] = await ask(port);
  assert.equal(status, 200, body);
};

const ask = async (port: number): Promise<[status: number | undefined, body: string]> => {
  const requested = request({ port, host: '127.0.0.1', agent: false, timeout: PATIENCE_MS });
  requested.once('timeout', () => requested.destroy(new Error(`No response within ${PATIENCE_MS} ms`)));
  const [response] = (await once(requested.end(), 'response')) as [IncomingMessage];
  return [response.statusCode, await text(response)];
};

// Long enough for a busy machine; a connection that hangs takes longer.
const PATIENCE_MS = 10_000;
