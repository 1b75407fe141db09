// A request in a pipeline: what undici tells of it goes on to its handler, until that waits for it no longer.
import { type Dispatcher, errors } from 'undici';
import { PipelineLeft } from '../forward/errors.ts';
import type { Pipeline } from './pipeline.ts';

type Controller = Dispatcher.DispatchController;

export class PipelinedRequest implements Dispatcher.DispatchHandler, Controller {
  /** When it got into the pipeline, by `performance.now`. */
  readonly since = performance.now();
  /** Whether its answer has begun. */
  begun = false;
  /** Called when its answer has ended, one way or the other. */
  afterwards: (() => void) | undefined;
  aborted = false;
  reason: Error | null = null;
  readonly #pipeline: Pipeline;
  #handler: Dispatcher.DispatchHandler | undefined;
  #controller: Controller | undefined;
  #short = true;

  constructor(pipeline: Pipeline, handler: Dispatcher.DispatchHandler) {
    this.#pipeline = pipeline;
    this.#handler = handler;
  }

  /** Tells the handler that there will be no answer. */
  fail(error: Error): void {
    const handler = this.#handler;
    this.#handler = undefined;
    handler?.onResponseError?.(this, error);
  }

  get paused(): boolean {
    return this.#controller?.paused ?? false;
  }

  get rawHeaders() {
    return this.#controller?.rawHeaders ?? null;
  }

  // Its connection is aborted only with nobody else on it.
  abort(reason: Error): void {
    this.aborted = true;
    this.reason = reason;
    if (!this.#short || this.#pipeline.isAlone(this)) this.#controller?.abort(reason);
    else this.#handler = undefined;
  }

  // A short answer is taken in whole; to wait for its reader would let all others wait.
  pause(): void {
    if (!this.#short) this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  onRequestStart(controller: Controller, context: unknown): void {
    this.#controller = controller;
    this.#handler?.onRequestStart?.(this, context);
  }

  onResponseStart(_: Controller, status: number, headers: NodeJS.Dict<string | string[]>, reason?: string): void {
    if (status >= 200) {
      this.begun = true;
      this.#short = Number(headers['content-length']) <= SHORT_BYTES;
      if (!this.#short) this.#pipeline.giveUp();
      else if (headers['connection'] === 'close') this.#pipeline.leave(new PipelineLeft());
    }
    this.#handler?.onResponseStart?.(this, status, headers as never, reason);
  }

  onResponseData(_: Controller, chunk: Buffer): void {
    this.#handler?.onResponseData?.(this, chunk);
  }

  onResponseEnd(_: Controller, trailers: NodeJS.Dict<string | string[]>): void {
    this.#pipeline.drop(this);
    this.afterwards?.();
    this.#handler?.onResponseEnd?.(this, trailers as never);
  }

  onResponseError(_: unknown, error: Error): void {
    const waited = this.#pipeline.drop(this);
    this.afterwards?.();
    this.fail(error);
    // What undici refuses to send concerns nobody else.
    if (waited && !(error instanceof errors.InvalidArgumentError)) this.#pipeline.leave(error);
  }
}

const SHORT_BYTES = 65_536;
