// Starts the proxy, and shuts it down gracefully: no new connections, and a response for every request in flight.
import { setTimeout as sleep } from 'node:timers/promises';
import { drain, listen, run, stopSignal } from '@container-counter/service/lifecycle';
import { createLogger } from '@container-counter/service/log';
import { createMetrics } from '@container-counter/service/metrics';
import { createProxy } from './client/server.ts';
import { readConfig } from './config.ts';
import { createRetryBudget } from './forward/retry-budget.ts';
import { createRoundRobin } from './forward/round-robin.ts';
import { addProxyMetrics } from './metrics.ts';
import { createUpstreams } from './upstream/upstreams.ts';

const FIRST_CHECK_MS = 1_000;
const DRAIN_DEADLINE_MS = 9_000; // Docker kills 10 s after it asked to stop

await run(async () => {
  const stop = stopSignal(); // first, because PID 1 ignores signals without a handler
  const config = readConfig(process.env);
  const log = createLogger({ service: 'proxy' }, config.LOG_LEVEL);
  const draining = new AbortController();
  const upstreams = createUpstreams(config, log);
  const retries = createRetryBudget();
  const metrics = config.METRICS_PORT === undefined ? undefined : createMetrics({ service: 'proxy' });
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  const tracing = endpoint && (await import('./tracing.ts')).traceProxy(endpoint);
  try {
    const server = createProxy({
      config,
      upstreams,
      pick: createRoundRobin(),
      retries,
      log,
      observe: metrics?.observeRequest,
      trace: tracing?.trace,
      draining: draining.signal,
    });
    // Before the first health check there would only be 503 for clients of the proxy that this one replaces.
    await Promise.race([upstreams.check(), sleep(FIRST_CHECK_MS, undefined, { ref: false })]);
    log.info({ port: await listen(server, config.PORT, config.BIND_ADDRESS) }, 'listening');
    if (metrics) addProxyMetrics(metrics, upstreams, retries);
    await metrics?.listen(config.METRICS_PORT, config.BIND_ADDRESS, log);

    const signal = await stop;
    log.info({ signal }, 'draining');
    draining.abort();
    const finished = await drain(server, DRAIN_DEADLINE_MS);
    log.info({ finished }, 'stopped');
  } finally {
    metrics?.close();
    await tracing?.stop();
    await upstreams.close();
  }
});
