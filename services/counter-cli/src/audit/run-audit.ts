// Runs an audit: load, the planned faults one after the other, and the reckoning at the end.
import { Pool } from 'undici';
import { getCounts } from '../counter-client.ts';
import { CommandError } from '../errors.ts';
import { untilReady } from '../ready.ts';
import type { AuditCluster, StartCluster } from './cluster.ts';
import { createIncidents, type Incident } from './incidents.ts';
import { REPLICAS } from './kinds.ts';
import { createLedger, type Reckoning } from './ledger.ts';
import { type AuditLoad, startLoad } from './load.ts';
import type { Planned } from './plan.ts';
import { judge, type Moved, type Verdict } from './verdict.ts';

export type Audit = {
  readonly reckoning: Reckoning;
  readonly moved: Moved;
  readonly verdict: Verdict;
  /** The quiet before the first fault, then one for each fault. */
  readonly incidents: readonly Incident[];
  readonly longestWaitMs: number;
  readonly seconds: number;
};

export type AuditOptions = {
  readonly requests: number;
  readonly concurrency: number;
  readonly plan: readonly Planned[];
};

/**
 * @param onIncident called after each fault
 * @throws {CommandError} when the cluster cannot be started, does not become healthy again, or `stop` came first
 */
export const runAudit = async (
  startCluster: StartCluster,
  options: AuditOptions,
  stop: AbortSignal,
  onIncident: (incident: Incident, number: number) => void,
): Promise<Audit> => {
  const cluster = await startCluster(stop);
  const clients = new Pool(cluster.url.origin, { connections: options.concurrency, connect: { timeout: 5000 } });
  const over = new AbortController();
  try {
    await untilHealthy(cluster, stop);
    if (stop.aborted) throw new CommandError(STOPPED);
    return await measure(cluster, clients, options, AbortSignal.any([stop, over.signal]), onIncident);
  } finally {
    over.abort();
    await clients.destroy();
    await cluster.stop();
  }
};

const measure = async (
  cluster: AuditCluster,
  clients: Pool,
  options: AuditOptions,
  stop: AbortSignal,
  onIncident: (incident: Incident, number: number) => void,
): Promise<Audit> => {
  const { requests: before } = await getCounts(clients, cluster.url);
  const ledger = createLedger(before, options.requests);
  const incidents = createIncidents();
  const start = performance.now();
  const load = startLoad(clients, cluster.url, options, ledger, incidents, stop);
  for (const [i, fault] of options.plan.entries()) {
    await load.reached(fault.at);
    if (stop.aborted) break;
    incidents.begin(fault);
    load.spread(options.plan[i + 1]?.at ?? options.requests);
    const happened = await cluster.inject(fault);
    await settle(cluster, load, stop);
    load.spread(undefined);
    onIncident(incidents.healthy(happened), i + 1);
  }
  await load.end();
  if (stop.aborted) throw new CommandError(STOPPED);
  const seconds = (performance.now() - start) / 1000;
  const { requests: after } = await getCounts(clients, cluster.url);
  const moved = { before, after, stored: await cluster.stored() };
  const reckoning = ledger.close(after);
  const all = incidents.all();
  return {
    reckoning,
    moved,
    verdict: judge(reckoning, moved, all),
    incidents: all,
    longestWaitMs: Math.max(...all.map(({ longestWaitMs }) => longestWaitMs)),
    seconds,
  };
};

// The next fault must not overlap with the previous one: no unhealthy upstream, and no delayed request.
const settle = async (cluster: AuditCluster, load: AuditLoad, stop: AbortSignal): Promise<void> => {
  await untilHealthy(cluster, stop);
  await load.settled();
};

const untilHealthy = async ({ url }: AuditCluster, stop: AbortSignal): Promise<void> => {
  const late = new AbortController();
  let reason = '';
  const either = AbortSignal.any([stop, late.signal]);
  await untilReady(url.origin, REPLICAS, either, HEALTHY_WITHIN_MS, (why) => {
    reason = why;
    late.abort();
  });
  if (late.signal.aborted)
    throw new CommandError(`The cluster did not become healthy within ${HEALTHY_WITHIN_MS / 1000} s: ${reason}`);
};

const STOPPED = 'The audit was stopped before its end, so there is no verdict.';
const HEALTHY_WITHIN_MS = 60_000;
