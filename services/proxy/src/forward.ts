// Carries a request to an upstream and the answer back, and goes on to the next upstream when one fails.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { bodyOf, hasBody } from './body.ts';
import { mayReplay, putsOut } from './failures.ts';
import { reasonPhrase, responseHeaders } from './headers.ts';
import { reasonOf } from './health.ts';
import { ClientGone, Refused } from './refused.ts';
import type { Route } from './route.ts';
import type { Upstream } from './upstream.ts';

/** A request as it goes out, to whichever upstream. */
export type Outgoing = { readonly path: string; readonly head: string[]; readonly requestId: string };

type Controller = Dispatcher.DispatchController;

/**
 * One request on its way, and the handler of its answer: undici calls the `on…` methods in the order in which they
 * stand here. There is one try at a time.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  /** The upstream of the current or last try. */
  upstream: Upstream | undefined;
  servedBy: string | undefined; // the name of the replica that gave the answer
  reason: string | undefined; // why the last try that failed did so
  readonly #tried = new Set<Upstream>();
  readonly #route: Route;
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  readonly #outgoing: Outgoing;
  readonly #giveUp: (error: unknown) => void;
  readonly #deadline: number;
  #controller: Controller | undefined;
  #sent = false;
  #answered = false;
  #passedOver: Error | undefined;

  /** @param giveUp answers when nobody is left to try; its argument is what the last try ran into, if there was one */
  constructor(
    route: Route,
    req: IncomingMessage,
    res: ServerResponse,
    outgoing: Outgoing,
    giveUp: (error: unknown) => void,
  ) {
    this.#route = route;
    this.#req = req;
    this.#res = res;
    this.#outgoing = outgoing;
    this.#giveUp = giveUp;
    this.#deadline = performance.now() + route.config.DEADLINE_MS;
    res.once('close', () => {
      if (!res.writableFinished) this.#controller?.abort(new ClientGone());
    });
  }

  get attempts(): number {
    return this.#tried.size;
  }

  /** Sends the request to the upstream whose turn it is; `error` is what the try before ran into. */
  next(error?: unknown): void {
    const { config, upstreams, pick } = this.#route;
    const left = this.#deadline - performance.now();
    const upstream = left > 0 ? pick(upstreams.list(), this.#tried) : undefined;
    if (upstream === undefined) return this.#giveUp(error);
    this.upstream = upstream;
    if (this.#tried.size > 0) this.#route.retries.tally.retries += 1;
    this.#tried.add(upstream);
    upstream.picked += 1;
    this.#sent = false;
    this.#passedOver = undefined;
    upstream.pool.dispatch(
      {
        method: this.#req.method ?? 'GET',
        path: this.#outgoing.path,
        headers: this.attempts === 1 ? this.#outgoing.head : [...this.#outgoing.head, 'X-Attempt', `${this.attempts}`],
        // undici takes any async iterable; its types know only streams.
        body: hasBody(this.#req) ? (bodyOf(this.#req, config.MAX_BODY_BYTES) as never) : null,
        // undici looks at its clock twice a second: this may take up to a second longer.
        headersTimeout: Math.min(config.TRY_TIMEOUT_MS, left),
      },
      this,
    );
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    this.#sent = true;
    if (this.#res.destroyed) controller.abort(new ClientGone());
  }

  onResponseStart(controller: Controller, status: number, headers: IncomingHttpHeaders, reason?: string): void {
    const upstream = this.upstream as Upstream;
    const head = responseHeaders(controller.rawHeaders as Buffer[]);
    // An interim answer is passed on (RFC 9110, 15.2), but to HTTP/1.0, which has none.
    if (status < 200) return void (this.#req.httpVersion === '1.1' && this.#res.writeInformation(status, head));
    if (status >= 502 && status <= 504 && this.#anotherMayAnswer()) {
      this.#passedOver = new Error(`it answered with ${status}`);
      return this.#blame(this.#passedOver);
    }
    head.push('X-Upstream', upstream.address, 'X-Attempts', `${this.attempts}`);
    head.push('X-Request-Id', this.#outgoing.requestId);
    if (this.#route.draining.aborted) head.push('Connection', 'close');
    this.#res.writeHead(status, reasonPhrase(reason), head);
    this.#answered = true;
    upstream.served += 1;
    upstream.servedMs += performance.now() - this.#deadline + this.#route.config.DEADLINE_MS;
    this.servedBy = headers['x-served-by']?.toString();
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#passedOver || this.#res.write(chunk)) return;
    controller.pause();
    this.#res.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    if (this.#passedOver) this.next(this.#passedOver);
    else this.#res.end();
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#res.destroyed) return; // nobody waits for an answer, and no upstream is to blame
    const refused = error instanceof Refused;
    if (!refused) this.#blame(error);
    // A broken answer must not look like a whole one.
    if (this.#answered) this.#res.destroy();
    else if (!refused && this.#mayTryAgain()) this.next(error);
    else this.#giveUp(error);
  }

  #blame(error: Error): void {
    const upstream = this.upstream as Upstream;
    upstream.failed += 1;
    this.reason = reasonOf(error, upstream);
    if (putsOut(error)) upstream.out(this.reason);
    void this.#route.upstreams.check();
  }

  // Before the request was sent, any request may go elsewhere. After that, one that may be served twice.
  #mayTryAgain(): boolean {
    return !this.#sent || (mayReplay(this.#req) && this.#route.retries.spend());
  }

  #anotherMayAnswer(): boolean {
    const another = this.#route.upstreams.list().some((upstream) => upstream.alive && !this.#tried.has(upstream));
    return another && performance.now() < this.#deadline && this.#mayTryAgain();
  }
}
