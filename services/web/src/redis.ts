// The connection to Redis: fails fast, never resends a command, and resolves the name at every reconnect.
import { plainAddress } from '@container-counter/network/addresses';
import { ForeignValue, findForeignValue } from '@container-counter/network/counter-keys';
import {
  explain,
  type Failure,
  type FailureKind,
  kindOf,
  type Target,
  Unreachable,
} from '@container-counter/network/failure';
import { diagnoseRedis } from '@container-counter/network/redis-check';
import type { Logger } from '@container-counter/service/log';
import type { Observe } from '@container-counter/service/metrics';
import type { Redis } from 'ioredis';
import { createRedisClock } from './redis-clock.ts';
import { askOf, greet, openRedis } from './redis-connection.ts';
import { SCRIPTS } from './scripts.ts';

/** Thrown by every use of Redis that fails. */
export class RedisUnavailable extends Error {
  override readonly name = 'RedisUnavailable';
  readonly #explain: () => Failure;
  /** @param explain called lazily for the message */
  constructor(explain: () => Failure, options: ErrorOptions) {
    super('Redis is unavailable', options);
    this.#explain = explain;
  }
  get failure(): Failure {
    return this.#explain();
  }
}

/** Thrown for a write that was delayed for so long, here or on its way, that it may have been retried elsewhere. */
export class TooLate extends Error {
  override readonly name = 'TooLate';
}

export type RedisClient = {
  /**
   * Runs commands.
   * @throws {RedisUnavailable} when Redis did not reply; the command may have run nevertheless
   * @throws {ForeignValue} when a key of the counter holds something else
   */
  readonly use: <T>(command: (redis: Redis) => Promise<T>) => Promise<T>;
  /**
   * Runs a script of services/web/src/scripts.ts, which writes.
   * @param arrived the time since which the request may have been waiting (services/web/src/arrivals.ts)
   * @throws {RedisUnavailable} as `use` @throws {TooLate} when it did not run, nor ever will
   */
  readonly write: <T>(arrived: number, command: (redis: Redis, since: string) => Promise<T>) => Promise<T>;
  /** The address to which the name led when Redis was last connected. */
  readonly address: () => string | undefined;
  /** What `use` throws for an error that Redis replied with; for one that is a part of a reply. */
  readonly refusal: (error: unknown) => Promise<Error>;
  readonly close: () => void;
};

/** Connects to `url`, and reconnects until `close`. @param observe called with the duration of each use */
export const connectRedis = (url: URL, timeoutMs: number, log: Logger, observe?: Observe): RedisClient => {
  const redis = openRedis(url, timeoutMs, {
    ...NEVER_TWICE,
    commandTimeout: timeoutMs,
    // A network partition leaves the connection open and silent. It is closed a little after the command times out, and
    // the next attempt resolves the name again.
    socketTimeout: timeoutMs + 200,
    scripts: SCRIPTS,
  });
  const target = targetOf(url);
  const explainer = createExplainer(target);
  const clock = createRedisClock();
  const attempted = Promise.withResolvers<void>(); // the first one, one way or the other: the first requests wait for it
  let usable = false;
  let address: string | undefined;
  let closed = false;
  let failed = false; // this attempt: what goes wrong after the first fault, goes wrong because of it
  let cause: unknown = new Unreachable('closed');
  let lastKind: FailureKind | undefined; // of the attempt before, which was diagnosed: the same again is not
  let logged: FailureKind | undefined;

  // Logs each kind once, not at every attempt (two per second), nor for every request.
  const tell = (reason: unknown): void => {
    const { kind, sentence } = explainer(reason);
    if (kind === logged || kind === 'closed') return;
    log.warn({ reason: kind }, sentence);
    logged = kind;
  };

  const fail = async (error: unknown): Promise<void> => {
    if (failed) return;
    failed = true;
    const received = usable || (redis.stream?.bytesRead ?? 0) > 0;
    if (received || kindOf(error) !== lastKind) cause = received ? error : await diagnoseRedis(error, url, timeoutMs);
    lastKind = received ? undefined : kindOf(error);
    tell(cause);
    attempted.resolve();
  };

  redis.on('connecting', () => {
    failed = false;
  });
  redis.on('ready', async () => {
    try {
      const { time, evictsBy, needlessPassword } = await greet(redis, url);
      clock.set(time);
      cause = new Unreachable('closed');
      logged = lastKind = undefined;
      usable = true;
      address = plainAddress(redis.stream.remoteAddress);
      log.info({ host: target.host, port: target.port }, 'connected to Redis');
      if (evictsBy !== undefined) log.warn({ reason: 'eviction' }, explainer(new Unreachable('eviction')).sentence);
      if (needlessPassword) log.warn('Redis does not require a password, so the configured one protects nothing.');
      attempted.resolve();
    } catch (error) {
      void fail(error);
      if (redis.status === 'ready') redis.disconnect(true);
    }
  });
  redis.on('error', (error) => void fail(error));
  redis.on('close', () => {
    if (!closed) void fail(new Unreachable('closed'));
    usable = false;
  });

  const use: RedisClient['use'] = async (command) => {
    await attempted.promise;
    if (!usable) throw unavailable(cause);
    const start = performance.now();
    try {
      return await command(redis);
    } catch (error) {
      throw isAboutConnection(error) ? unavailable(cause) : await refusal(error);
    } finally {
      observe?.((performance.now() - start) / 1000);
    }
  };

  const refusal: RedisClient['refusal'] = async (error) => {
    const told = kindOf(error) === 'wrong type' ? await foreignInstead(error) : error;
    if (!IS_OF_SCRIPT.test(String(told))) tell(told);
    return told instanceof ForeignValue ? told : unavailable(told);
  };

  // Redis reports a wrong type, but not of which key.
  const foreignInstead = async (error: unknown): Promise<unknown> =>
    error instanceof ForeignValue ? error : ((await findForeignValue(askOf(redis)).catch(() => undefined)) ?? error);

  const unavailable = (reason: unknown) => new RedisUnavailable(() => explainer(reason), { cause: reason });

  return {
    use,
    refusal,
    write: async (arrived, command) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const reply = await use((connection) => command(connection, clock.at(arrived)));
          logged = undefined;
          return reply;
        } catch (error) {
          const now = timeOfRefusal(error);
          if (now === undefined) throw error;
          // It did not run. If the clock of Redis was set meanwhile, the write may have been in time, so try once more.
          clock.set(now);
          if (attempt === 2) throw new TooLate('', { cause: error });
        }
      }
    },
    address: () => address,
    close: () => {
      closed = true;
      attempted.resolve();
      redis.disconnect();
    },
  };
};

// Rejections by the scripts themselves, not failures of Redis.
const IS_OF_SCRIPT = /^ReplyError: (LATE|FULL|REUSED) /;

// The error of services/web/src/once.lua for a late write, with the time of Redis.
const timeOfRefusal = (error: unknown): number | undefined => {
  const { cause } = error as Error;
  const time = cause instanceof Error ? /^LATE (\d+)/.exec(cause.message)?.[1] : undefined;
  return time === undefined ? undefined : Number(time);
};

// ioredis reports only that there is no connection; the reason is the error of the last attempt to connect.
const isAboutConnection = (error: unknown): boolean =>
  error instanceof Error && /enableOfflineQueue|max retries per request|connection (is )?close/i.test(error.message);

// Explaining reads files, so while Redis is down, the result is cached for a second.
const createExplainer = (target: Target): ((error: unknown) => Failure) => {
  let last: { readonly key: string; readonly until: number; readonly failure: Failure } | undefined;
  return (error) => {
    const key = `${kindOf(error)} ${error instanceof Error ? error.message : ''}`;
    const now = performance.now();
    if (last?.key !== key || now > last.until) last = { key, until: now + 1000, failure: explain(error, target) };
    return last.failure;
  };
};

// A command without a reply may have run: only the caller knows whether it is safe to resend.
const NEVER_TWICE = {
  autoResendUnfulfilledCommands: false,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
} as const;

/** Where a Redis URL leads. */
export const targetOf = (url: URL): Target => ({
  what: 'Redis',
  host: url.hostname.replace(/^\[|\]$/g, ''),
  port: Number(url.port || 6379),
});
