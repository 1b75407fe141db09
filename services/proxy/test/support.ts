// What the tests of the proxy share: a proxy in this process, and upstreams of the test's own.
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { networkInterfaces } from 'node:os';
import type { TestContext } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import { listen } from '@container-counter/service/lifecycle';
import { createLogger } from '@container-counter/service/log';
import { eventually } from '@container-counter/testing/eventually';
import { createProxy } from '../src/client/server.ts';
import { readConfig } from '../src/config.ts';
import { createRetryBudget, type RetryBudget } from '../src/forward/retry-budget.ts';
import { createRoundRobin } from '../src/forward/round-robin.ts';
import { createUpstreams, type Upstreams } from '../src/upstream/upstreams.ts';

export type LogLine = Readonly<Record<string, unknown>>;

export type TestProxy = {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  readonly upstreams: Upstreams;
  readonly log: readonly LogLine[];
  /** The status of each request that was measured. */
  readonly observed: readonly number[];
  /** Resolves with the first log line, past or future, that has all of `members`. */
  readonly logged: (members: LogLine) => Promise<LogLine>;
  /** Says that the proxy is stopping, without closing anything. */
  readonly startDraining: () => void;
};

type Options = {
  readonly env?: Record<string, string>;
  readonly resolve?: (host: string) => Promise<string[]>;
  readonly retries?: RetryBudget;
};

/** Starts a proxy for `targets`, which checks their health only when told to; resolves after the first check of each. */
export const startProxy = async (
  t: TestContext,
  targets: readonly string[],
  { env = {}, resolve, retries = createRetryBudget() }: Options = {},
): Promise<TestProxy> => {
  const config = readConfig({
    UPSTREAMS: targets.join(),
    RESOLVE_INTERVAL_MS: NEVER,
    HEALTH_INTERVAL_MS: NEVER,
    ...env,
  });
  const log: LogLine[] = [];
  const observed: number[] = [];
  const logger = createLogger({}, 'debug', { write: (line) => log.push(JSON.parse(line)) });
  const draining = new AbortController();
  const upstreams = createUpstreams(config, logger, resolve);
  const server = createProxy({
    config,
    upstreams,
    pick: createRoundRobin(),
    retries,
    log: logger,
    observe: (status) => observed.push(status),
    draining: draining.signal,
  });
  t.after(() => upstreams.close());
  t.after(() => close(server));
  const port = await listen(server, 0, '127.0.0.1');
  await upstreams.check();
  const logged = async (members: LogLine): Promise<LogLine> => {
    const has = (line: LogLine) => Object.entries(members).every(([name, value]) => line[name] === value);
    let found: LogLine | undefined;
    await eventually(
      () => {
        found = log.find(has);
        if (found === undefined) throw new Error(`No line has ${JSON.stringify(members)}:\n${JSON.stringify(log)}`);
      },
      { every: 5 },
    );
    return found as LogLine;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    server,
    upstreams,
    log,
    observed,
    logged,
    startDraining: () => draining.abort(),
  };
};

/** Tells every upstream what its first response would: those to `GET path` are short, so that they share a connection. */
export const expectShort = ({ upstreams }: TestProxy, path = '/'): void => {
  for (const upstream of upstreams.list()) upstream.learn({ method: 'GET', path }, SHORT);
};

const SHORT = { status: 200, lines: '\r\nX-Request-Id: a\r\nContent-Length: 0', length: 0 };

export type TestUpstream = {
  readonly address: string;
  readonly port: number;
  readonly server: Server;
  /** The requests that came, but for probes. */
  readonly requests: readonly IncomingMessage[];
  /** Its response to /readyz. */
  readiness: { status: number; text: string };
};

/** Starts a replica called `name` that responds with `listener`, or with its name; unless `echo` is false, it names requests. */
export const startUpstream = async (
  t: TestContext,
  name: string,
  listener: RequestListener = (_req, res) => res.end(name),
  { host = '127.0.0.1', port, echo = true }: { host?: string; port?: number; echo?: boolean } = {},
): Promise<TestUpstream> => {
  const requests: IncomingMessage[] = [];
  const server = createServer((req, res) => {
    res.setHeader('X-Served-By', name);
    if (echo) res.setHeader('X-Request-Id', req.headers['x-request-id'] ?? []);
    if (req.url === '/readyz') return res.writeHead(upstream.readiness.status).end(upstream.readiness.text);
    requests.push(req);
    return listener(req, res);
  });
  t.after(() => close(server));
  // One that nobody else gets while this upstream was removed, or at another address.
  const bound = await listen(server, port ?? (await freePort()), host);
  const readiness = { status: 200, text: 'ready\n' };
  const upstream: TestUpstream = { address: `${host}:${bound}`, port: bound, server, requests, readiness };
  return upstream;
};

/** Starts one replica for each of `names`, on 127.0.0.1, 127.0.0.2 and so on, all on one port, as one host would have. */
export const startHost = async (t: TestContext, ...names: string[]): Promise<TestUpstream[]> => {
  const port = await freePort();
  const replicas: TestUpstream[] = [];
  for (const [i, name] of names.entries()) {
    replicas.push(await startUpstream(t, name, undefined, { host: `127.0.0.${i + 1}`, port }));
  }
  return replicas;
};

/** The reason for which tests that need more than one loopback address are skipped, or false. */
export const oneLoopback = process.platform === 'darwin' ? 'loopback has one address here' : false;

/** The reason for which tests that need `::1` are skipped, or false. */
export const noIPv6 = Object.values(networkInterfaces())
  .flat()
  .some((at) => at?.address === '::1')
  ? false
  : 'loopback has no IPv6 here';

/** Resolves with the body of `message`. */
export const textOf = async (message: IncomingMessage): Promise<string> =>
  Buffer.concat(await message.toArray()).toString();

const close = async (server: Server): Promise<void> => {
  server.close();
  server.closeAllConnections();
};

/** The longest time that a variable takes. */
export const NEVER = '3600000';
