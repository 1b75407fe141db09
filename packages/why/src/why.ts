// Traces the path from this container to a name, step by step, up to the first failure.
import { isIP } from 'node:net';
import { hostPort } from '@container-counter/network/addresses';
import { explain, type Failure } from '@container-counter/network/failure';
import { type FailureKind, kindOf, Unreachable } from '@container-counter/network/failure-kind';
import { askRedis, connect } from '@container-counter/network/redis-check';
import { type Route, routeTo } from '@container-counter/network/routes';
import { type Destination, InvalidDestination } from './destination.ts';
import { askSources, type Name, resolve } from './name.ts';
import { inspectNetwork, type NetworkView } from './network-view.ts';
import { type Broken, type Remedy, remediesFor } from './remedies.ts';

export type Attempt = {
  readonly address: string;
  readonly route: Route | null;
  /** The local address of the connection; null if there was none. */
  readonly from: string | null;
  /** How long it took to connect; null when that failed. */
  readonly ms: number | null;
  /** Whether a Redis replied to PING. */
  readonly pong: boolean;
  /** For a Redis also why it cannot count. */
  readonly failure: FailureKind | null;
  /** The policy by which that Redis may evict counts. */
  readonly evictsBy: string | null;
};

export type Why = Broken & {
  /** One for each address of the name; none when it does not resolve. */
  readonly attempts: readonly Attempt[];
  readonly reachable: boolean;
  readonly failure: Diagnosis | null;
  /** Problems to come, although everything is reachable now. */
  readonly warnings: readonly Diagnosis[];
  /** The version of the Docker Engine, where it was asked: that is not seen from inside. */
  readonly engine: string | null;
};

export type Diagnosis = Failure & { readonly remedies: readonly Remedy[] };

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws {InvalidDestination} when the name resolves, but the port is unknown */
export const diagnose = async (destination: Destination, env: Environment, timeoutMs = 2000): Promise<Why> => {
  const { host, port, redis } = destination;
  const view = await inspectNetwork(env);
  const name = await askSources(host, view);
  let error: unknown;
  const addresses = await resolve(host).catch((reason) => {
    error = reason;
    return [];
  });
  if (port === 0 && addresses.length > 0)
    throw new InvalidDestination(`Which port of "${host}"? Add it, as in ${hostPort(host, 6379)}.`);
  const tried = await Promise.all(addresses.map((address) => attempt(address, destination, view, timeoutMs)));
  const attempts = tried.map(({ error: _, ...attempt }) => attempt);
  const reachable = attempts.some(({ failure }) => failure === null);
  const found = { view, host, port, redis: redis !== undefined, name, attempts, reachable };
  const diagnosisOf = (reason: unknown, openPorts: readonly number[]): Diagnosis => {
    const failure = explain(reason, { what: found.redis ? 'Redis' : 'The server', host, port }, view);
    return { ...failure, remedies: remediesFor(failure.kind, { ...found, openPorts }) };
  };
  if (reachable) {
    const warnings = [...doubtsAbout(name, found.redis), ...attempts.flatMap(({ evictsBy }) => evicts(evictsBy))];
    return {
      ...found,
      openPorts: [],
      failure: null,
      warnings: warnings.map((one) => diagnosisOf(one, [])),
      engine: null,
    };
  }
  error ??= tried[0]?.error;
  const openPorts = ASKS_FOR_PORT.has(kindOf(error)) ? await openAt(addresses, port, timeoutMs) : [];
  return { ...found, openPorts, failure: diagnosisOf(error, openPorts), warnings: [], engine: null };
};

const attempt = async (address: string, { host, port, redis }: Destination, view: NetworkView, timeoutMs: number) => {
  const route = isIP(address) === 4 ? (routeTo(address, view.routes) ?? null) : null;
  const began = performance.now();
  let ms: number | null = null;
  let from: string | null = null;
  let pong = false;
  let evictsBy: string | null = null;
  let error: unknown;
  try {
    const socket = await connect(address, port, timeoutMs);
    ms = Math.round((performance.now() - began) * 10) / 10;
    from = socket.localAddress ?? null;
    if (redis === undefined) socket.destroy();
    else {
      const report = await askRedis(socket, host, redis, timeoutMs, () => {
        pong = true;
      });
      evictsBy = report.evictsBy ?? null;
    }
  } catch (reason) {
    error = reason;
  }
  return { address, route, from, ms, pong, failure: error === undefined ? null : kindOf(error), evictsBy, error };
};

const evicts = (by: string | null): Unreachable[] => (by === null ? [] : [new Unreachable('eviction')]);

// Several replicas behind a name are intended, several Redis are not.
const doubtsAbout = ({ holders }: Name, redis: boolean): Unreachable[] => {
  const containers = [...new Set(holders.map(({ container }) => container))];
  if (!redis || containers.length < 2) return [];
  return [new Unreachable('ambiguous', { detail: `These are: ${containers.join(', ')}. Each counts on its own.` })];
};

const ASKS_FOR_PORT: ReadonlySet<FailureKind> = new Set(['refused', 'not redis']);

const openAt = async (addresses: readonly string[], not: number, timeoutMs: number): Promise<number[]> => {
  const ports = [6379, 3000, 8080].filter((port) => port !== not);
  const open = await Promise.all(
    ports.map((port) =>
      connect(addresses[0] ?? '', port, timeoutMs).then(
        (socket) => socket.destroy() && [port],
        () => [],
      ),
    ),
  );
  return open.flat();
};
