// Clients that send exact hits while something happens to a cluster, and keep the books as an audit does.
import { Agent, type Dispatcher } from 'undici';
import type { Stored } from '../../../services/counter-cli/src/audit/cluster.ts';
import { createIncidents, firstAttemptErrorsOf } from '../../../services/counter-cli/src/audit/incidents.ts';
import type { FaultKind } from '../../../services/counter-cli/src/audit/kinds.ts';
import { createLedger } from '../../../services/counter-cli/src/audit/ledger.ts';
import { startLoad } from '../../../services/counter-cli/src/audit/load.ts';
import { judge, type Verdict } from '../../../services/counter-cli/src/audit/verdict.ts';
import { getCounts } from '../../../services/counter-cli/src/counter-client.ts';
import { hitExactly } from '../../../services/counter-cli/src/hit/exact.ts';

const CLIENTS = 16;

export type ExactClients = Awaited<ReturnType<typeof createExactClients>>;

/**
 * @param proxies every one of the same cluster: each attempt goes to the next
 * @param stored what lies in its Redis, asked at the source
 */
export const createExactClients = async (proxies: readonly URL[], stored: () => Promise<Stored>) => {
  const url = proxies[0] as URL;
  const direct = new Agent({ connections: CLIENTS });
  const clients = roundRobin(proxies);
  const before = (await getCounts(direct, url)).requests;
  const ledger = createLedger(before, 20_000);
  const incidents = createIncidents();
  const over = new AbortController();
  let load: ReturnType<typeof startLoad> | undefined;

  return {
    /** Sends `count` hits through one proxy, and resolves when each has its number. */
    hit: async (proxy: URL, count: number): Promise<void> => {
      const responses = await Promise.all(Array.from({ length: count }, () => hitExactly(direct, proxy)));
      for (const { body } of responses) ledger.note(JSON.parse(body).requests);
    },

    /** From now on every client sends some hits a second: a steady load, and not all that the machine can carry. */
    start: (): void => {
      load = startLoad(clients, url, { requests: 0, concurrency: CLIENTS }, ledger, incidents, over.signal);
      load.spread(0);
    },

    /**
     * Puts down to `what` is done now whatever the clients notice from now on.
     * @param kind like which fault of an audit it is: of a replica, which no client may notice, or of a proxy
     * @returns what they noticed, in words
     */
    during: async (kind: FaultKind, what: string, act: () => Promise<unknown>): Promise<string> => {
      incidents.begin({ kind, at: 0, victim: 0 });
      await act();
      await load?.settled();
      const incident = incidents.healthy(what);
      const errors = `${firstAttemptErrorsOf(incident)} failed at first ${JSON.stringify(incident.firstAttemptErrors)}`;
      return `${what}: ${incident.requests} requests in ${incident.ms} ms; ${errors}; longest wait ${incident.longestWaitMs} ms`;
    },

    verdict: async (): Promise<Verdict & { counted: number }> => {
      await load?.end();
      const after = (await getCounts(direct, url)).requests;
      const moved = { before, after, stored: await stored() };
      return { ...judge(ledger.close(after), moved, incidents.all()), counted: after - before };
    },

    close: async (): Promise<void> => {
      over.abort();
      await Promise.all([direct.destroy(), clients.destroy()]);
    },
  };
};

// Sends each request, and so each retry of one, to the next machine.
const roundRobin = (proxies: readonly URL[]): Dispatcher => {
  let turn = 0;
  return new Agent({ connections: CLIENTS, connect: { timeout: 1000 } }).compose((dispatch) => (options, handler) => {
    turn += 1;
    return dispatch({ ...options, origin: (proxies[turn % proxies.length] as URL).origin }, handler);
  });
};
