// The set of upstreams: resolves the names periodically, and runs the health checks.
import { isIP } from 'node:net';
import { addressesOf } from '@container-counter/network/addresses';
import { explain } from '@container-counter/network/failure';
import { readNetworkEnvironment } from '@container-counter/network/network-environment';
import type { Logger } from '@container-counter/service/log';
import type { Config, Target } from '../config.ts';
import { singleFlight } from './single-flight.ts';
import { Upstream } from './upstream.ts';

export type Upstreams = {
  /** All upstreams in round-robin order: by target, then by name. One replica is one upstream. */
  readonly list: () => readonly Upstream[];
  /** Whether each of the first upstreams was checked once: before that, the load would be uneven. */
  readonly settled: () => boolean;
  /** For each target whose name does not resolve, why. */
  readonly unresolved: () => readonly string[];
  /** Resolves the names and checks every upstream now, instead of in the next round. */
  readonly check: () => Promise<void>;
  /** Stops the health checks, and closes the connections. */
  readonly close: () => Promise<void>;
};

/** Follows the targets of `config` from now on; there may be no upstream yet. */
export const createUpstreams = (config: Config, log: Logger, resolve = addressesOf): Upstreams => {
  let upstreams: readonly Upstream[] = []; // one for each address
  let selectable: readonly Upstream[] | undefined; // those of `upstreams` that `list` gives; undefined when it may have changed
  let settled = false;
  let closed = false;
  let environment = readNetworkEnvironment();
  const unresolved = new Map<Target, string>();
  const changed = () => {
    selectable = undefined;
  };
  const options = { config, log, environment: () => environment, onChange: changed };

  // Each on its own, for one name may be looked up for ten seconds where a resolver does not respond.
  const resolveAll = async () => {
    environment = readNetworkEnvironment();
    await Promise.all(resolves.map((resolveOne) => resolveOne()));
    settled ||= upstreams.length > 0;
  };

  const resolveTarget = async (target: Target): Promise<void> => {
    const next = await upstreamsOf(target);
    if (closed) return;
    const others = upstreams.filter((upstream) => upstream.target !== target);
    for (const gone of upstreams.filter((upstream) => upstream.target === target && !next.includes(upstream))) {
      log.info({ upstream: gone.address, name: gone.name }, 'upstream was removed');
      void gone.close();
    }
    upstreams = [...others, ...next].toSorted(byTargetAndName);
    changed();
    await Promise.all(next.filter(({ checked }) => !checked).map((upstream) => upstream.check()));
    upstreams = upstreams.toSorted(byTargetAndName); // by the names that the new ones have reported
    changed();
  };

  const resolves = config.UPSTREAMS.map((target) => singleFlight(() => resolveTarget(target)));

  // While the resolver fails, the last known addresses are kept.
  const upstreamsOf = async (target: Target): Promise<Upstream[]> => {
    const known = upstreams.filter((upstream) => upstream.target === target);
    try {
      const hosts = await resolve(target.host);
      unresolved.delete(target);
      return hosts.map((host) => known.find((k) => k.host === host) ?? new Upstream(target, host, options));
    } catch (error) {
      const { sentence } = explain(error, { what: 'The replica', ...target }, environment);
      if (unresolved.get(target) !== sentence) log.warn({ target: target.host }, sentence);
      unresolved.set(target, sentence);
      return known;
    }
  };

  const byTargetAndName = (a: Upstream, b: Upstream): number =>
    config.UPSTREAMS.indexOf(a.target) - config.UPSTREAMS.indexOf(b.target) ||
    (a.name ?? a.host).localeCompare(b.name ?? b.host, 'en', { numeric: true });

  const probeAll = async () => {
    await Promise.all(upstreams.map((upstream) => upstream.check()));
  };

  const timers = [
    setInterval(resolveAll, config.RESOLVE_INTERVAL_MS),
    setInterval(probeAll, config.HEALTH_INTERVAL_MS),
  ];
  void resolveAll();

  return {
    list: () => {
      selectable ??= onePerReplica(upstreams);
      return selectable;
    },
    settled: () => settled,
    unresolved: () => [...unresolved.values()],
    check: async () => {
      await Promise.all([resolveAll(), probeAll()]);
    },
    close: async () => {
      closed = true;
      for (const timer of timers) clearInterval(timer);
      await Promise.all(upstreams.map((upstream) => upstream.destroy()));
    },
  };
};

// On a dual-stack network a replica has two addresses, and would be selected twice. Two upstreams with the same name but
// different address families are one replica; the healthy one represents it.
const onePerReplica = (upstreams: readonly Upstream[]): readonly Upstream[] =>
  upstreams.filter(
    (upstream) =>
      !upstreams.some((other) => {
        const same =
          other.name !== undefined &&
          other.name === upstream.name &&
          other.target === upstream.target &&
          isIP(other.host) !== isIP(upstream.host);
        return same && (other.healthy === upstream.healthy ? isIP(other.host) === 4 : other.healthy);
      }),
  );
