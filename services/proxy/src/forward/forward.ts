// Carries a request to an upstream and the answer back, and goes on to the next upstream when one fails.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { bodyOf, hasBody } from '../client/body.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { Answer } from './answer.ts';
import type { Route } from './context.ts';
import { ClientGone, PipelineLeft, Refused } from './errors.ts';
import { mayReplay } from './failures.ts';
import { responseHeaders } from './headers.ts';
import { isHit, type Outgoing } from './outgoing.ts';

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
  readonly #answer: Answer;
  readonly #outgoing: Outgoing;
  readonly #giveUp: (error: unknown) => void;
  readonly #deadline: number;
  #controller: Controller | undefined;
  #sent = false;
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
    this.#answer = new Answer(res);
    this.#outgoing = outgoing;
    this.#giveUp = giveUp;
    this.#deadline = performance.now() + route.config.DEADLINE_MS;
    res.on('close', () => {
      if (!res.writableFinished) this.#controller?.abort(new ClientGone());
    });
  }

  get attempts(): number {
    return this.#tried.size;
  }

  /** Sends the request to the upstream whose turn it is; `error` is what the try before ran into. */
  next(error?: unknown): void {
    const { upstreams, pick } = this.#route;
    const left = this.#left();
    const upstream = left > 0 ? pick(upstreams.list(), this.#tried) : undefined;
    if (upstream === undefined) return this.#giveUp(error);
    this.upstream = upstream;
    if (this.#tried.size > 0) this.#route.retries.tally.retries += 1;
    this.#tried.add(upstream);
    upstream.picked += 1;
    this.#send(upstream, left, this.attempts === 1 && isHit(this.#req, this.#outgoing));
  }

  #send(upstream: Upstream, left: number, mayShare: boolean): void {
    const { config } = this.#route;
    this.#sent = false;
    this.#passedOver = undefined;
    upstream.dispatch(
      {
        method: this.#req.method ?? 'GET',
        path: this.#outgoing.path,
        headers: this.attempts === 1 ? this.#outgoing.head : [...this.#outgoing.head, 'X-Attempt', `${this.attempts}`],
        // undici takes any async iterable; its types know only streams.
        body: hasBody(this.#req) ? (bodyOf(this.#req, config.MAX_BODY_BYTES) as never) : null,
        // undici looks at its clock twice a second: this may take up to a second longer.
        headersTimeout: Math.max(1, Math.min(config.TRY_TIMEOUT_MS, left)), // 0 would be none
      },
      this,
      mayShare,
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
    this.#answer.begin(status, reason, head, Number(headers['content-length']));
    upstream.served += 1;
    upstream.servedMs += this.#route.config.DEADLINE_MS - this.#left();
    this.servedBy = headers['x-served-by']?.toString();
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (!this.#passedOver) this.#answer.add(chunk, controller);
  }

  onResponseEnd(): void {
    if (this.#passedOver) this.next(this.#passedOver);
    else this.#answer.end();
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#res.destroyed) return; // nobody waits for an answer, and no upstream is to blame
    if (error instanceof PipelineLeft) return this.#send(this.upstream as Upstream, this.#left(), false);
    const refused = error instanceof Refused;
    if (!refused) this.#blame(error);
    // A broken answer must not look like a whole one.
    if (this.#answer.begun) this.#res.destroy();
    else if (!refused && this.#mayTryAgain()) this.next(error);
    else this.#giveUp(error);
  }

  #blame(error: Error): void {
    this.reason = (this.upstream as Upstream).failedBy(error);
    void this.#route.upstreams.check();
  }

  // Until its deadline, in milliseconds.
  #left(): number {
    return this.#deadline - performance.now();
  }

  // Before the request was sent, any request may go elsewhere. After that, one that may be served twice.
  #mayTryAgain(): boolean {
    return !this.#sent || (mayReplay(this.#req) && this.#route.retries.spend());
  }

  #anotherMayAnswer(): boolean {
    const another = this.#route.upstreams.list().some((upstream) => upstream.alive && !this.#tried.has(upstream));
    return another && this.#left() > 0 && this.#mayTryAgain();
  }
}
