// Exports metrics for Prometheus: requests, the event loop, the process, and what the service adds.
import { createRequire } from 'node:module';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type * as prom from 'prom-client';
import { createServer } from './http.ts';
import { listen } from './lifecycle.ts';
import type { Logger } from './log.ts';

// Not all of prom-client: its default metrics, unused here, load fifty files of OpenTelemetry, a tenth of a replica's start.
const require = createRequire(import.meta.url);
const Counter = require('prom-client/lib/counter.js') as typeof prom.Counter;
const Gauge = require('prom-client/lib/gauge.js') as typeof prom.Gauge;
const Histogram = require('prom-client/lib/histogram.js') as typeof prom.Histogram;
const Registry = require('prom-client/lib/registry.js') as typeof prom.Registry;

/** Called once for each request when it is over; takes seconds. */
export type ObserveRequest = (status: number, seconds: number) => void;

/** Called with how long something took, in seconds. */
export type Observe = (seconds: number) => void;

type Sample = { readonly value: number; readonly labels?: Readonly<Record<string, string>> };

type Collected = (
  kind: 'counter' | 'gauge',
  name: string,
  help: string,
  read: () => Iterable<Sample>,
  labelNames?: string[],
) => void;

export type Metrics = ReturnType<typeof createMetrics>;

/** @param who the labels of every metric, such as `{ service: 'web', replica: 'web2' }` */
export const createMetrics = (who: Readonly<Record<string, string>>) => {
  const registry = new Registry();
  const registers = [registry];
  registry.setDefaultLabels(who);
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Response time by status, without probes; 499 if the client disconnected.',
    labelNames: ['status'],
    buckets: BUCKETS,
    registers,
  });
  // Only a few statuses occur, so their labels are looked up once.
  const byStatus = new Map<number, Observe>();
  const observed = (status: number): Observe => {
    const { observe } = requests.labels(`${status}`);
    byStatus.set(status, observe);
    return observe;
  };

  /** Reads existing counters at scrape time, at no cost per request. */
  const collected: Collected = (kind, name, help, read, labelNames = []) => {
    const metric = new (kind === 'counter' ? Counter : Gauge)({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const { labels = {}, value } of read()) this.inc(labels, value);
      },
    });
    void metric;
  };
  addProcess(collected);

  const server = createServer((req, res) => {
    if (req.url?.split('?')[0] !== '/metrics') return void res.writeHead(404).end('The metrics are at /metrics.\n');
    registry.metrics().then(
      (body) => res.writeHead(200, { 'Content-Type': registry.contentType }).end(body),
      // Reading the memory in use opens a file, for which there may be no descriptor.
      ({ message }: Error) => res.writeHead(503).end(`The metrics are unavailable: ${message}.\n`),
    );
  });

  return {
    observeRequest: ((status, seconds) => (byStatus.get(status) ?? observed(status))(seconds)) as ObserveRequest,

    /** @returns what to call with each duration */
    histogram: (name: string, help: string): Observe => {
      const histogram = new Histogram({ name, help, buckets: BUCKETS, registers });
      return (seconds) => histogram.observe(seconds);
    },

    collected,

    /** Serves `GET /metrics` on a separate port, which is published nowhere. @throws {ConfigError} when it is taken */
    listen: async (port: number | undefined, host: string | undefined, log: Logger): Promise<void> => {
      log.info({ port: await listen(server, port ?? 0, host, 'METRICS_PORT') }, 'metrics');
    },

    close: (): void => {
      server.close();
      server.closeAllConnections();
    },
  };
};

/** What `collected` reads of a metric that has unlabelled value. */
export const unlabelled = (value: () => number) => (): Sample[] => [{ value: value() }];

// Instead of prom-client's default metrics, which observe every garbage collection.
const addProcess = (collected: Collected): void => {
  const delay = monitorEventLoopDelay({ resolution: 100 }); // each sample wakes an idle process
  delay.enable();
  const lag = () => {
    const seconds = delay.count === 0 ? 0 : delay.percentile(99) / 1e9;
    delay.reset(); // so that each reading is about the time since the unlabelled before
    return seconds;
  };
  const processor = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  collected('gauge', 'nodejs_eventloop_lag_p99_seconds', 'Event loop lag since the last scrape.', unlabelled(lag));
  collected('gauge', 'process_resident_memory_bytes', 'Memory in use.', unlabelled(process.memoryUsage.rss));
  collected('counter', 'process_cpu_seconds_total', 'CPU time used.', unlabelled(processor));
};

// From a Redis command on the same machine to the deadline of the proxy.
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
