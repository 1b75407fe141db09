// The connection to Redis: fails fast, never sends a command twice, and looks the name up again at every attempt.
import { readFileSync } from 'node:fs';
import { explain, type Failure, type Target, Unreachable } from '@container-counter/network/failure';
import { gather } from '@container-counter/service/gather';
import type { Logger } from '@container-counter/service/log';
import type { Observe } from '@container-counter/service/metrics';
import { Redis, type Result } from 'ioredis';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    /** services/web/src/hit.lua */
    hit(
      ...args: [...keys: [string, string, string, string], replica: string, client: string, key: string, told: string]
    ): Result<[number: number, replicaHits: number, clientHits: number, repeat: 0 | 1], Context>;
  }
}

/** Thrown by every use of Redis that fails; its message is the sentence to show. */
export class RedisUnavailable extends Error {
  override readonly name = 'RedisUnavailable';
  readonly kind: Failure['kind'];
  constructor({ kind, sentence }: Failure, options: ErrorOptions) {
    super(sentence, options);
    this.kind = kind;
  }
}

export type RedisLink = {
  /** Runs commands. @throws {RedisUnavailable} when Redis did not answer; a command may have run all the same */
  readonly use: <T>(command: (redis: Redis) => Promise<T>) => Promise<T>;
  readonly close: () => void;
};

/** Starts connecting to `url`, and goes on trying until `close`. @param observe told how long each use took */
export const connectRedis = (url: URL, timeoutMs: number, log: Logger, observe?: Observe): RedisLink => {
  const redis = new Redis(url.href, {
    ...NEVER_TWICE,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    // A cut network leaves the connection open and silent. It is given up a little later than the command, and the
    // next attempt looks the name up again.
    socketTimeout: timeoutMs + 200,
    disconnectTimeout: 200, // for a connection that was given up; the next attempt waits for its end
    // A Redis that loads its data says so to each command; the check would only wait, and not say why.
    enableReadyCheck: false,
    retryStrategy: (attempt) => Math.min(attempt * 50, 500),
    scripts: { hit: { lua: HIT, numberOfKeys: 4 } },
  });
  const target = targetOf(url);
  let cause: unknown = new Unreachable('closed');
  let logged: Failure['kind'] | undefined;
  redis.on('ready', () => {
    cause = new Unreachable('closed');
    logged = undefined;
    log.info({ host: target.host, port: target.port }, 'connected to Redis');
  });
  redis.on('error', (error) => {
    cause = error;
    const { kind, sentence } = explain(error, target);
    if (kind !== logged) log.warn({ reason: kind }, sentence); // once, not at each of two attempts a second
    logged = kind;
  });
  // The first requests of a replica wait until its first attempt to connect has come out, one way or the other.
  const attempted = new Promise<unknown>((resolve) => {
    for (const event of ['ready', 'error', 'close']) redis.once(event, resolve);
  });

  return {
    use: async (command) => {
      await attempted;
      const start = performance.now();
      // Not ioredis's automatic pipelining, of which one at a time is on its way: a replica took 1.25 times as much
      // processor time, and the slowest answers 1.5 times as long.
      if (redis.status === 'ready') gather(redis.stream);
      try {
        return await command(redis);
      } catch (error) {
        const reason = isAboutConnection(error as Error) ? cause : error;
        throw new RedisUnavailable(explain(reason, target), { cause: reason });
      } finally {
        observe?.((performance.now() - start) / 1000);
      }
    },
    close: () => redis.disconnect(),
  };
};

// Without a connection ioredis says only that; why there is none is what the last attempt to connect ran into.
const isAboutConnection = ({ message }: Error): boolean =>
  /enableOfflineQueue|max retries per request|connection (is )?close/i.test(message);

// A command that was sent may have run, even if no answer came: only its sender can know whether to send it again.
const NEVER_TWICE = {
  autoResendUnfulfilledCommands: false,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
} as const;

const HIT = readFileSync(new URL('hit.lua', import.meta.url), 'utf8');

/** Where a Redis URL leads. */
export const targetOf = (url: URL): Target => ({
  what: 'Redis',
  host: url.hostname.replace(/^\[|\]$/g, ''),
  port: Number(url.port || 6379),
});
