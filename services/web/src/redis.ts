// The connection to Redis: fails fast, never sends a command twice, and looks the name up again at every attempt.
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
import { corkUntilNextTurn } from '@container-counter/service/cork';
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
  /** @param explain makes what to show for it, when somebody asks */
  constructor(explain: () => Failure, options: ErrorOptions) {
    super('Redis is unavailable', options);
    this.#explain = explain;
  }
  get failure(): Failure {
    return this.#explain();
  }
}

/** Thrown for a write that waited for so long, here or on its way, that it may have been repeated elsewhere meanwhile. */
export class TooLate extends Error {
  override readonly name = 'TooLate';
}

export type RedisClient = {
  /**
   * Runs commands.
   * @throws {RedisUnavailable} when Redis did not answer; a command may have run all the same
   * @throws {ForeignValue} when a key of the counter holds something else
   */
  readonly use: <T>(command: (redis: Redis) => Promise<T>) => Promise<T>;
  /**
   * Runs a script of services/web/src/scripts.ts, which writes.
   * @param arrived the time since which the request may have been waiting (services/web/src/arrivals.ts)
   * @throws {RedisUnavailable} as `use` @throws {TooLate} when it did not run, nor ever will
   */
  readonly write: <T>(arrived: number, command: (redis: Redis, since: string) => Promise<T>) => Promise<T>;
  readonly close: () => void;
};

/** Starts connecting to `url`, and goes on trying until `close`. @param observe told how long each use took */
export const connectRedis = (url: URL, timeoutMs: number, log: Logger, observe?: Observe): RedisClient => {
  const redis = openRedis(url, timeoutMs, {
    ...NEVER_TWICE,
    commandTimeout: timeoutMs,
    // A cut network leaves the connection open and silent. It is given up a little later than the command, and the
    // next attempt looks the name up again.
    socketTimeout: timeoutMs + 200,
    scripts: SCRIPTS,
  });
  const target = targetOf(url);
  const explainer = createExplainer(target);
  const clock = createRedisClock();
  const attempted = Promise.withResolvers<void>(); // the first one, one way or the other: the first requests wait for it
  let usable = false;
  let closed = false;
  let failed = false; // this attempt: what goes wrong after the first fault, goes wrong because of it
  let cause: unknown = new Unreachable('closed');
  let lastKind: FailureKind | undefined; // of the attempt before, which was diagnosed: the same again is not
  let logged: FailureKind | undefined;

  // Once, not at each of two attempts a second, nor at each request.
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
    // Not ioredis's automatic pipelining, of which one at a time is on its way: a replica took 1.25 times as much
    // processor time, and the slowest answers 1.5 times as long.
    corkUntilNextTurn(redis.stream);
    try {
      return await command(redis);
    } catch (error) {
      if (isAboutConnection(error)) throw unavailable(cause);
      const told = kindOf(error) === 'wrong type' ? await foreignInstead(error) : error;
      if (!IS_OF_SCRIPT.test(String(told))) tell(told);
      throw told instanceof ForeignValue ? told : unavailable(told);
    } finally {
      observe?.((performance.now() - start) / 1000);
    }
  };

  // Redis says that something is of the wrong type, and not what.
  const foreignInstead = async (error: unknown): Promise<unknown> =>
    error instanceof ForeignValue ? error : ((await findForeignValue(askOf(redis)).catch(() => undefined)) ?? error);

  const unavailable = (reason: unknown) => new RedisUnavailable(() => explainer(reason), { cause: reason });

  return {
    use,
    write: async (arrived, command) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const reply = await use((connection) => command(connection, clock.at(arrived)));
          logged = undefined;
          return reply;
        } catch (error) {
          const now = timeOfRefusal(error);
          if (now === undefined) throw error;
          // It did not run. Had somebody set the clock of Redis meanwhile, it was in time all the same.
          clock.set(now);
          if (attempt === 2) throw new TooLate('', { cause: error });
        }
      }
    },
    close: () => {
      closed = true;
      attempted.resolve();
      redis.disconnect();
    },
  };
};

// What the scripts themselves refuse: Redis has no fault.
const IS_OF_SCRIPT = /^ReplyError: (LATE|FULL|REUSED) /;

// What services/web/src/once.lua says to a write that comes too late, with the time of Redis.
const timeOfRefusal = (error: unknown): number | undefined => {
  const { cause } = error as Error;
  const time = cause instanceof Error ? /^LATE (\d+)/.exec(cause.message)?.[1] : undefined;
  return time === undefined ? undefined : Number(time);
};

// Without a connection ioredis says only that; why there is none is what the last attempt to connect ran into.
const isAboutConnection = (error: unknown): boolean =>
  error instanceof Error && /enableOfflineQueue|max retries per request|connection (is )?close/i.test(error.message);

// Explaining reads files. While Redis is away, every request asks, always the same: it is answered once a second.
const createExplainer = (target: Target): ((error: unknown) => Failure) => {
  let last: { readonly key: string; readonly until: number; readonly failure: Failure } | undefined;
  return (error) => {
    const key = `${kindOf(error)} ${error instanceof Error ? error.message : ''}`;
    const now = performance.now();
    if (last?.key !== key || now > last.until) last = { key, until: now + 1000, failure: explain(error, target) };
    return last.failure;
  };
};

// A command that was sent may have run, even if no response came: only its sender can know whether to send it again.
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
