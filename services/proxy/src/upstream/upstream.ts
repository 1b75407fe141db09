// One upstream: an address that requests are sent to, and whether it is alive.
import { hostPort } from '@container-counter/network/addresses';
import type { Logger } from '@container-counter/service/log';
import { type Dispatcher, errors, Pool } from 'undici';
import type { Config, Target } from '../config.ts';
import { putsOut } from '../forward/failures.ts';
import { probe, reasonOf } from './health-check.ts';
import { Pipeline } from './pipeline.ts';
import { singleFlight } from './single-flight.ts';

export type State = 'checking' | 'alive' | 'out';

/** What `GET /-/upstreams` tells of an upstream. */
export type UpstreamReport = {
  readonly address: string;
  /** What the replica calls itself, once it has said so. */
  readonly name: string | undefined;
  readonly state: State;
  /** When it got into this state, as ISO 8601. */
  readonly since: string;
  /** Requests whose answer came from it. */
  readonly served: number;
  /** How long those answers took to begin, all together, in milliseconds. */
  readonly servedMs: number;
  /** Attempts that failed on it. */
  readonly failed: number;
  readonly lastError: string | undefined;
};

export class Upstream {
  readonly target: Target;
  /** The address alone, for the host of `target` may have several. */
  readonly host: string;
  /** `host:port` */
  readonly address: string;
  readonly pool: Pool;
  readonly #pipeline: Pipeline;
  readonly #log: Logger;
  #name: string | undefined;
  #state: State = 'checking';
  #since = new Date();
  #lastError: string | undefined;
  picked = 0; // turns, whatever came of them
  served = 0;
  servedMs = 0;
  failed = 0;

  /** Asks it whether it is ready; those who ask meanwhile get the same answer. */
  readonly check: () => Promise<void> = singleFlight(() => probe(this));

  constructor(target: Target, host: string, config: Config, log: Logger) {
    this.target = target;
    this.host = host;
    this.address = hostPort(host, target.port);
    this.#log = log;
    const origin = `http://${this.address}`;
    this.#pipeline = new Pipeline(origin, {
      connect: config.CONNECT_TIMEOUT_MS,
      answer: Math.min(config.TRY_TIMEOUT_MS, config.DEADLINE_MS),
      body: config.IDLE_TIMEOUT_MS,
      keepAlive: KEEP_ALIVE_MS,
    });
    this.pool = new Pool(origin, {
      connect: { timeout: config.CONNECT_TIMEOUT_MS },
      headersTimeout: config.TRY_TIMEOUT_MS,
      bodyTimeout: config.IDLE_TIMEOUT_MS,
      // Without the maximum, the replica's own hint would count.
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
    });
    // Where it breaks a connection, without having said that it would, it may be gone: that need not wait for a probe.
    this.pool.on('disconnect', (_origin, _targets, error) => {
      if (this.alive && !(error instanceof errors.InformationalError)) void this.check();
    });
  }

  get alive(): boolean {
    return this.#state === 'alive';
  }

  get checked(): boolean {
    return this.#state !== 'checking';
  }

  get name(): string | undefined {
    return this.#name;
  }

  /** Sends a request: over the connection that such requests share, when it `mayShare` one and there is room. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler, mayShare: boolean): void {
    if (!mayShare || !this.#pipeline.dispatch(options, handler)) this.pool.dispatch(options, handler);
  }

  /** Closes its connections once what is in flight has ended. */
  async close(): Promise<void> {
    await Promise.all([this.#pipeline.close(), this.pool.close()]);
  }

  /** Cuts its connections. */
  async destroy(): Promise<void> {
    await Promise.all([this.#pipeline.destroy(), this.pool.destroy()]);
  }

  /** It answered that it is ready, under this name. */
  back(name: string | undefined): void {
    this.#name = name ?? this.#name;
    this.#lastError = undefined;
    this.#enter('alive');
  }

  /** A try on it ended with `error`. @returns the sentence for it */
  failedBy(error: Error): string {
    this.failed += 1;
    const reason = reasonOf(error, this);
    if (putsOut(error)) this.out(reason);
    return reason;
  }

  /** It gets no turns until it is back. */
  out(reason: string): void {
    this.#lastError = reason;
    this.#enter('out');
  }

  report(): UpstreamReport {
    return {
      address: this.address,
      name: this.#name,
      state: this.#state,
      since: this.#since.toISOString(),
      served: this.served,
      servedMs: Math.round(this.servedMs * 10) / 10,
      failed: this.failed,
      lastError: this.#lastError,
    };
  }

  #enter(state: State): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#since = new Date();
    const line = { upstream: this.address, name: this.#name, reason: this.#lastError };
    if (state === 'out') this.#log.warn(line, 'upstream is out');
    else this.#log.info(line, 'upstream is alive');
  }
}

// Shorter than the 75 s after which a replica closes an idle connection, so that no request meets its end.
const KEEP_ALIVE_MS = 30_000;
