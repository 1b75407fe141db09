// Starts one replica, and stops it in order: first unready, then closed.
import { setTimeout as sleep } from 'node:timers/promises';
import { drain, listen, run, stopSignal } from '@container-counter/service/lifecycle';
import { createLogger } from '@container-counter/service/log';
import { createMetrics } from '@container-counter/service/metrics';
import { withPassword } from '@container-counter/service/secret';
import { readConfig } from './config.ts';
import { createCounter } from './counter.ts';
import { replicaName } from './identity.ts';
import { createListen } from './live/channel.ts';
import { endpointOf } from './live/endpoint.ts';
import { addWebMetrics } from './metrics.ts';
import { createRecords } from './records.ts';
import { connectRedis } from './redis.ts';
import { createReplica } from './server.ts';

const STOPPED_AFTER_MS = 9_000; // Docker kills 10 s after it asked to stop

await run(async () => {
  const asked = stopSignal(); // first, because PID 1 ignores signals without a handler
  const config = readConfig(process.env);
  const name = await replicaName(config.INSTANCE);
  const log = createLogger({ service: 'web', replica: name }, config.LOG_LEVEL);
  const metrics = config.METRICS_PORT === undefined ? undefined : createMetrics({ service: 'web', replica: name });
  const url = withPassword(config.REDIS_URL, config.REDIS_PASSWORD_FILE);
  const redis = connectRedis(
    url,
    config.REDIS_TIMEOUT_MS,
    log,
    metrics?.histogram('redis_round_trip_seconds', 'Response time of Redis.'),
  );
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  const tracing = endpoint && (await import('./tracing.ts')).traceReplica(endpoint, name);
  const own = createCounter(redis, name);
  const counter = tracing?.hitsOf(own) ?? own;
  if (metrics) addWebMetrics(metrics, counter);
  const draining = new AbortController();
  const unready = new AbortController();
  const server = createReplica(
    {
      name,
      counter,
      records: createRecords(redis),
      trustedProxies: config.TRUSTED_PROXIES,
      log,
      draining: draining.signal,
      unready: unready.signal,
      observe: metrics?.observeRequest,
    },
    endpointOf(config.REDIS_URL, redis.address),
    createListen(url, config.REDIS_TIMEOUT_MS),
  );
  tracing?.requestsOf(server);
  log.info({ port: await listen(server, config.PORT, config.BIND_ADDRESS) }, 'listening');
  await metrics?.listen(config.METRICS_PORT, config.BIND_ADDRESS, log);

  log.info({ signal: await asked }, 'draining');
  if (config.DRAIN_MS > 0) unready.abort();
  draining.abort();
  await sleep(config.DRAIN_MS); // the proxy asks /readyz meanwhile, and sends nothing more
  const finished = await drain(server, STOPPED_AFTER_MS - config.DRAIN_MS);
  redis.close();
  metrics?.close();
  await tracing?.stop();
  log.info({ finished }, 'stopped');
});
