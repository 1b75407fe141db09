// One connection to an upstream that hits share: each is sent at once, behind those that still wait for their answers.
import type { Socket } from 'node:net';
import { gather } from '@container-counter/service/gather';
import { buildConnector, Client, type Dispatcher, errors } from 'undici';
import { PipelineLeft } from '../forward/errors.ts';
import { PipelinedRequest } from './pipelined-request.ts';

/** In milliseconds. */
export type PipelineTimeouts = {
  /** Until there is a connection. */
  readonly connect: number;
  /** Until an answer begins. */
  readonly answer: number;
  /** Between two pieces of an answer. */
  readonly body: number;
  /** Until an idle connection is closed. */
  readonly keepAlive: number;
};

/**
 * HTTP pipelining (RFC 9112, 9.3.2). A replica reads several requests in one wake-up, and several go out in one write.
 * The answers come in the order of the requests, so that one could hold up others. Therefore
 * - it is for requests that may be sent again, in their first try;
 * - when one of them fails, or its answer is late, all leave at once and go elsewhere: nobody waits for one after another;
 * - when a client has gone, the answer still comes, and is thrown away;
 * - an answer that closes the connection goes on alone;
 * - so does one that is not short, and after it the upstream gets no pipeline any more.
 */
export class Pipeline {
  readonly #origin: string;
  readonly #timeouts: PipelineTimeouts;
  readonly #clock: NodeJS.Timeout;
  #client: Client | undefined;
  #socket: Socket | undefined;
  // In the order of their answers. Not a Set: one that lives long keeps what it held alive until the next full garbage
  // collection, which was a quarter of the proxy's processor time.
  #waiting: PipelinedRequest[] = [];
  #open = true;

  constructor(origin: string, timeouts: PipelineTimeouts) {
    this.#origin = origin;
    this.#timeouts = timeouts;
    this.#clock = setInterval(() => this.#look(), Math.min(LOOK_MS, timeouts.answer / 2)).unref();
  }

  /** Sends a request, unless the pipeline is full or given up. @returns whether it did */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    if (!this.#open || this.#waiting.length >= MOST) return false;
    this.#client ??= this.#connect();
    if (this.#socket) gather(this.#socket);
    const request = new PipelinedRequest(this, handler);
    this.#waiting.push(request);
    // With two times of one length, undici need not make a new timer for each; #look has a closer eye on the beginning.
    this.#client.dispatch({ ...options, blocking: false, headersTimeout: this.#timeouts.body }, request);
    return true;
  }

  isAlone(request: PipelinedRequest): boolean {
    return this.#waiting.length === 1 && this.#waiting[0] === request;
  }

  /** `request` waits no longer. @returns whether it did until now */
  drop(request: PipelinedRequest): boolean {
    const place = this.#waiting.indexOf(request);
    if (place >= 0) this.#waiting.splice(place, 1);
    return place >= 0;
  }

  /** Ends the wait of all whose answer has not begun with `error`. Who comes later gets a new connection. */
  leave(error: Error): void {
    const [requests, client] = [this.#waiting, this.#client];
    this.#waiting = [];
    this.#client = undefined;
    this.#socket = undefined;
    // Not now: undici may be in the middle of its own account of what is in flight. And not only closed: it would send
    // those that have left once more.
    const end = () => process.nextTick(() => void client?.destroy(error));
    const [first] = requests;
    if (first?.begun) first.afterwards = end;
    else end();
    for (const request of requests) if (!request.begun) request.fail(error);
  }

  /** For an upstream whose answers are not short. */
  giveUp(): void {
    this.#stop();
    this.leave(new PipelineLeft());
  }

  /** Takes no more, and lets those who wait get their answers. */
  async close(): Promise<void> {
    this.#open = false;
    await this.#client?.close();
    this.#stop();
  }

  async destroy(): Promise<void> {
    this.#stop();
    await this.#client?.destroy();
  }

  #stop(): void {
    this.#open = false;
    clearInterval(this.#clock);
  }

  #connect(): Client {
    const { connect, body, keepAlive } = this.#timeouts;
    const connector = buildConnector({ timeout: connect });
    const client = new Client(this.#origin, {
      connect: (options, callback) =>
        connector(options, (...result: [Error, null] | [null, Socket]) => {
          if (this.#client === client) this.#socket = result[1] ?? undefined;
          callback(...result);
        }),
      pipelining: MOST,
      bodyTimeout: body,
      keepAliveTimeout: keepAlive,
      keepAliveMaxTimeout: keepAlive,
    });
    return client;
  }

  // The first may take its time to answer; those behind it, not longer because of it.
  #look(): void {
    const [first, second] = this.#waiting;
    const next = first?.begun ? second : first;
    if (next === undefined || performance.now() - next.since < this.#timeouts.answer) return;
    this.leave(next === first ? new errors.HeadersTimeoutError() : new PipelineLeft());
  }
}

const LOOK_MS = 500;

// More than that many use connections of their own: a failure makes all in the pipeline be sent again.
const MOST = 256;
