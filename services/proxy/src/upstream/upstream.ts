// One upstream: an address that requests are sent to, and whether it is healthy.
import type { UpstreamReport, UpstreamState } from '@container-counter/api/messages';
import { hostPort } from '@container-counter/network/addresses';
import { explain } from '@container-counter/network/failure';
import type { NetworkEnvironment } from '@container-counter/network/network-environment';
import type { Logger } from '@container-counter/service/log';
import type { Config, Target } from '../config.ts';
import type { ClientRequest } from '../forward/client.ts';
import { isOwnLimit, marksUnhealthy } from '../forward/failures.ts';
import type { ResponseHead, Transport } from '../forward/transport.ts';
import { checkHealth } from './health-check.ts';
import { Pipeline } from './pipeline.ts';
import { createPool, type UpstreamPool } from './pool.ts';
import { singleFlight } from './single-flight.ts';

/** What all upstreams share. */
export type UpstreamOptions = {
  readonly config: Config;
  readonly log: Logger;
  /** How this container is connected, which decides what a failure means; read now and then, not for each failure. */
  readonly environment: () => NetworkEnvironment;
  /** Called when an upstream becomes healthy or unhealthy. */
  readonly onChange: () => void;
};

export class Upstream {
  readonly target: Target;
  /** The address alone, for the host of `target` may have several. */
  readonly host: string;
  /** `host:port` */
  readonly address: string;
  readonly #options: UpstreamOptions;
  readonly #pool: UpstreamPool;
  readonly #pipeline: Pipeline;
  #name: string | undefined;
  #version: string | undefined;
  #namesRequests = false;
  #state: UpstreamState = 'checking';
  #since = new Date();
  #lastError: string | Error | undefined;
  #failures = 0; // that marked it unhealthy
  selections = 0; // selections, whatever came of them
  served = 0;
  servedMs = 0;
  failed = 0;

  /** Runs a health check; concurrent calls share one. */
  readonly check: () => Promise<void> = singleFlight(() => this.#check());

  constructor(target: Target, host: string, options: UpstreamOptions) {
    const { config } = options;
    this.target = target;
    this.host = host;
    this.address = hostPort(host, target.port);
    this.#options = options;
    const connection = {
      connectTimeoutMs: config.CONNECT_TIMEOUT_MS,
      keepAliveMs: KEEP_ALIVE_MS,
      // It may have failed, so check it now instead of in the next round.
      onLost: () => {
        if (this.healthy) void this.check();
      },
    };
    this.#pipeline = new Pipeline({
      ...connection,
      host,
      port: target.port,
      onViolation: (what) => {
        this.failed += 1;
        options.log.warn({ upstream: this.address, name: this.#name }, `upstream sent ${what}`);
      },
    });
    this.#pool = createPool(`http://${this.address}`, {
      ...connection,
      idleTimeoutMs: config.IDLE_TIMEOUT_MS,
    });
  }

  get healthy(): boolean {
    return this.#state === 'healthy';
  }

  /** Whether it is unhealthy by its own word, so that it can still say why. */
  get responds(): boolean {
    return this.#state === 'unhealthy' && typeof this.#lastError === 'string';
  }

  get checked(): boolean {
    return this.#state !== 'checking';
  }

  get name(): string | undefined {
    return this.#name;
  }

  /** Whether its responses have the ids of their requests. */
  get namesRequests(): boolean {
    return this.#namesRequests;
  }

  /**
   * The transport for an attempt.
   * @param first whether the request was not sent before
   * @param fresh whether to send it over a new connection, for a kept one has failed
   */
  transportFor(request: ClientRequest, first: boolean, fresh: boolean): Transport {
    if (fresh) return this.#pool.fresh;
    return first && this.#namesRequests && this.#pipeline.takes(request) ? this.#pipeline : this.#pool.kept;
  }

  /** Closes its connections once what is in flight has ended. */
  async close(): Promise<void> {
    this.#pipeline.close();
    await this.#pool.close();
  }

  /** Cuts its connections. */
  async destroy(): Promise<void> {
    this.#pipeline.destroy();
    await this.#pool.destroy();
  }

  /** An attempt succeeded: `head` was sent to the client. */
  recordResponse(request: ClientRequest, head: ResponseHead, responseTimeMs: number): void {
    this.served += 1;
    this.servedMs += responseTimeMs;
    this.learn(request, head);
  }

  /** The response to `request` began with `head`: if that is short and simple, the next one may share a connection. */
  learn(
    request: Pick<ClientRequest, 'method' | 'path'>,
    head: Pick<ResponseHead, 'status' | 'lines' | 'length'>,
  ): void {
    this.#pipeline.learn(request, head);
  }

  /** An attempt failed with `error`. @returns the sentence for it */
  recordFailure(error: Error): string {
    if (!isOwnLimit(error)) this.failed += 1;
    if (marksUnhealthy(error)) this.#markUnhealthy(error);
    return this.explain(error);
  }

  /** Why `error` happened on the way to it, in one sentence. */
  explain(error: unknown): string {
    const target = { what: 'The replica', host: this.host, port: this.target.port };
    return explain(error, target, this.#options.environment()).sentence;
  }

  report(): UpstreamReport {
    const error = this.#lastError;
    return {
      address: this.address,
      name: this.#name,
      state: this.#state,
      version: this.#version,
      since: this.#since.toISOString(),
      served: this.served,
      servedMs: Math.round(this.servedMs * 10) / 10,
      failed: this.failed,
      lastError: error instanceof Error ? this.explain(error) : error,
    };
  }

  async #check(): Promise<void> {
    for (;;) {
      const before = this.#failures;
      const health = await checkHealth(this.#pool.dispatcher, this.#namesRequests);
      if (this.#pool.dispatcher.destroyed) return; // the proxy is stopping
      if (!health.ready) {
        if (!this.checked || !isOwnLimit(health.reason)) this.#markUnhealthy(health.reason);
        return;
      }
      if (before !== this.#failures) continue; // an attempt failed meanwhile, so this result is outdated
      this.#name = health.name;
      this.#version = health.version;
      this.#namesRequests = health.namesRequests;
      this.#lastError = undefined;
      return this.#enter('healthy');
    }
  }

  #markUnhealthy(reason: string | Error): void {
    this.#failures += 1;
    this.#lastError = reason;
    this.#namesRequests = false; // another program may have this address when it recovers
    this.#enter('unhealthy');
  }

  #enter(state: UpstreamState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#since = new Date();
    const line = { upstream: this.address, name: this.#name, reason: this.report().lastError };
    if (state === 'unhealthy') this.#options.log.warn(line, 'upstream is unhealthy');
    else this.#options.log.info(line, 'upstream is healthy');
    this.#options.onChange();
  }
}

// Shorter than the 75 s after which a replica closes an idle connection, so that no request races with that.
const KEEP_ALIVE_MS = 30_000;
