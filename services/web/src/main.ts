// Starts one replica, and stops it in order: first unready, then closed.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { drain, listen, run, stopSignal } from '@container-counter/service/lifecycle';
import { createLogger } from '@container-counter/service/log';
import { createMetrics } from '@container-counter/service/metrics';
import { withPassword } from '@container-counter/service/secret';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { createCounter } from './counter.ts';
import { replicaName } from './identity.ts';
import { addWebMetrics } from './metrics.ts';
import { createRecords } from './records.ts';
import { connectRedis } from './redis.ts';

// Node's own defaults wait minutes for a slow client. A keep-alive connection outlives the proxy's idle time, so that
// it is the proxy that closes it, and no request is on its way into a closing connection.
const LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 75_000 } as const;
const STOPPED_AFTER_MS = 9_000; // Docker kills 10 s after it asked to stop

await run(async () => {
  const asked = stopSignal(); // from now on: as process 1 of a container it would ignore a signal that nobody handles
  const config = readConfig(process.env);
  const name = await replicaName(config.INSTANCE);
  const log = createLogger({ service: 'web', replica: name }, config.LOG_LEVEL);
  const metrics = config.METRICS_PORT === undefined ? undefined : createMetrics({ service: 'web', replica: name });
  const redis = connectRedis(
    withPassword(config.REDIS_URL, config.REDIS_PASSWORD_FILE),
    config.REDIS_TIMEOUT_MS,
    log,
    metrics?.histogram('redis_round_trip_seconds', 'From a command for Redis to its answer.'),
  );
  const counter = createCounter(redis);
  if (metrics) addWebMetrics(metrics, counter);
  const draining = new AbortController();
  const server = createServer(
    LIMITS,
    createApp({
      name,
      counter,
      records: createRecords(redis),
      trustedProxies: config.TRUSTED_PROXIES,
      log,
      draining: draining.signal,
      observe: metrics?.observeRequest,
    }),
  );
  log.info({ port: await listen(server, config.PORT, config.BIND_ADDRESS) }, 'listening');
  await metrics?.listen(config.METRICS_PORT, config.BIND_ADDRESS, log);

  log.info({ signal: await asked }, 'draining');
  draining.abort();
  await sleep(config.DRAIN_MS); // the proxy asks /readyz meanwhile, and sends nothing more
  const finished = await drain(server, STOPPED_AFTER_MS - config.DRAIN_MS);
  redis.close();
  metrics?.close();
  log.info({ finished }, 'stopped');
});
