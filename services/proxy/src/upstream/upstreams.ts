// The set of upstreams: follows what the names resolve to, and keeps asking each one whether it is ready.
import { addressesOf } from '@container-counter/network/addresses';
import { explain } from '@container-counter/network/failure';
import type { Logger } from '@container-counter/service/log';
import type { Config, Target } from '../config.ts';
import { singleFlight } from './single-flight.ts';
import { Upstream } from './upstream.ts';

export type Upstreams = {
  /** All upstreams in the order of their turns: by target, then by name. */
  readonly list: () => readonly Upstream[];
  /** For each target whose name does not resolve, why. */
  readonly unresolved: () => readonly string[];
  /** Resolves the names again, and asks every upstream again, now instead of at the next round. */
  readonly check: () => Promise<void>;
  /** Stops asking, and cuts the connections. */
  readonly close: () => Promise<void>;
};

/** Follows the targets of `config` from now on; there may be no upstream yet. */
export const createUpstreams = (config: Config, log: Logger, resolve = addressesOf): Upstreams => {
  let upstreams: readonly Upstream[] = [];
  let closed = false;
  const unresolved = new Map<Target, string>();

  const resolveAll = singleFlight(async () => {
    const next = (await Promise.all(config.UPSTREAMS.map(upstreamsOf))).flat();
    if (closed) return;
    for (const gone of upstreams.filter((upstream) => !next.includes(upstream))) {
      log.info({ upstream: gone.address, name: gone.name }, 'upstream is gone');
      void gone.close();
    }
    upstreams = next.toSorted(inTurn);
    await Promise.all(upstreams.filter(({ checked }) => !checked).map((upstream) => upstream.check()));
    upstreams = upstreams.toSorted(inTurn); // by the names that the new ones have told
  });

  // The last good set is kept while the resolver fails: what was there a moment ago is a better guess than nothing.
  const upstreamsOf = async (target: Target): Promise<Upstream[]> => {
    const known = upstreams.filter((upstream) => upstream.target === target);
    try {
      const hosts = await resolve(target.host);
      unresolved.delete(target);
      return hosts.map((host) => known.find((k) => k.host === host) ?? new Upstream(target, host, config, log));
    } catch (error) {
      const { sentence } = explain(error, { what: 'The replica', ...target });
      if (unresolved.get(target) !== sentence) log.warn({ target: target.host }, sentence);
      unresolved.set(target, sentence);
      return known;
    }
  };

  const inTurn = (a: Upstream, b: Upstream): number =>
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
    list: () => upstreams,
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
