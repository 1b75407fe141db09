// One attempt: sends a request to one upstream, and relays the response to the client.
import { Unreachable } from '@container-counter/network/failure';
import type { ClientRequest, ClientResponse } from './client.ts';
import { startDeadline } from './deadline.ts';
import { ResponseDiscarded, ResponseMismatched } from './errors.ts';
import { responseLines } from './headers.ts';
import type { ForwardedRequest, ResponseHead, ResponseSink, Transport } from './transport.ts';

type Options = {
  readonly request: ClientRequest;
  readonly response: ClientResponse;
  /**
   * How long the upstream may be silent before the response begins, in milliseconds. It is not while it takes a body in,
   * or while more of that is yet to come from the client.
   */
  readonly timeoutMs: number;
  /** Whether the upstream names the request in each response, so that one without the name belongs to another. */
  readonly namesRequests: boolean;
  /** Whether a response with this status is for the client. */
  readonly accepts: (status: number) => boolean;
  /** Called as the response begins. @returns the header lines that the proxy adds to it */
  readonly onBegin: (head: ResponseHead, responseTimeMs: number) => string;
};

/** One attempt; its timer and its response never outlive it. */
export class Attempt implements ResponseSink {
  /** Resolves when it is over: with undefined if the whole response was relayed, otherwise with the error. */
  readonly failure: Promise<Error | undefined>;
  /** Whether the upstream may have seen the request. */
  sent = false;
  /** Whether the client got the beginning of the response. */
  begun = false;
  /** Whether it failed on a connection that had worked before, without any response. */
  stale = false;
  readonly #options: Options;
  readonly #started = performance.now();
  #forwarded: ForwardedRequest | undefined;
  #stopDeadline: (() => void) | undefined;
  #interims = 0;
  #settle: ((error: Error | undefined) => void) | undefined;

  constructor(transport: Transport, options: Options) {
    this.#options = options;
    this.failure = new Promise((resolve) => {
      this.#settle = resolve;
    });
    if (transport.timesOut !== true) this.onProgress();
    const forwarded = transport.send(options.request, this, options.timeoutMs);
    if (this.#settle === undefined) forwarded.abort(new ResponseDiscarded());
    else this.#forwarded = forwarded;
  }

  /** Ends the attempt with `error`. */
  abort(error: Error): void {
    if (!this.#over(error)) return;
    this.#forwarded?.abort(error);
  }

  onSent(): void {
    this.sent = true;
  }

  onWait(): void {
    this.#stopDeadline?.();
  }

  onProgress(): void {
    this.#stopDeadline?.();
    if (this.#settle === undefined || this.begun) return;
    this.#stopDeadline = startDeadline(this.#options.timeoutMs, () => this.abort(new Unreachable('silent')));
  }

  onHead(head: ResponseHead): void {
    if (this.#settle === undefined) return;
    const { request, response, namesRequests, accepts, onBegin } = this.#options;
    try {
      const lines = responseLines(head.lines);
      if (head.status < 100 || head.status === 101) {
        return this.abort(new Error(`it sent the status ${head.status}, which nobody asked for`));
      }
      if (head.status < 200) {
        this.#interims += 1;
        if (this.#interims > MAX_INTERIMS) return this.abort(new Error('it sent too many interim responses'));
        return response.interim(head.status, lines);
      }
      if (namesRequests && head.requestId !== request.id) return this.abort(new ResponseMismatched());
      if (!accepts(head.status)) return this.abort(new ResponseDiscarded(`it responded with ${head.status}`));
      this.#stopDeadline?.();
      const own = onBegin(head, performance.now() - this.#started);
      response.begin(head.status, head.reason, lines + own, head.length);
      this.begun = true;
    } catch (error) {
      this.abort(error as Error); // some headers cannot be relayed
    }
  }

  onData(chunk: Buffer): void {
    if (this.#settle === undefined || this.#options.response.write(chunk)) return;
    this.#forwarded?.pause();
    this.#options.response.onDrain(() => this.#forwarded?.resume());
  }

  onEnd(): void {
    if (this.#over(undefined)) this.#options.response.end();
  }

  onError(error: Error, reused: boolean): void {
    if (this.#over(error)) this.stale = reused && !this.begun;
  }

  /** @returns whether it was not over before */
  #over(error: Error | undefined): boolean {
    const settle = this.#settle;
    this.#settle = undefined;
    this.#stopDeadline?.();
    settle?.(error);
    return settle !== undefined;
  }
}

// Interim responses ignore backpressure.
const MAX_INTERIMS = 100;
