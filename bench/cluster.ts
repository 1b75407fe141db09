// Starts a contestant fresh: an empty Redis, its replicas, its proxy.
import { freePort } from '@container-counter/network/free-ports';
import type { Cleanup } from '@container-counter/testing/ends';
import { startRedis } from '@container-counter/testing/redis';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';
import { Redis } from 'ioredis';
import type { Contestant } from './contestant.ts';
import { startDelay } from './delay.ts';
import { startReplicas } from './replicas.ts';
import type { Scenario } from './scenarios.ts';

export type Tier = 'proxy' | 'replicas' | 'redis';

export type Cluster = {
  readonly url: string;
  /** The ports of loopback that are loaded, each by a thread. */
  readonly ports: readonly number[];
  /** The processes that belong to each part. */
  readonly pids: Readonly<Record<Tier, readonly number[]>>;
  /** All hits, as Redis has counted them. */
  readonly counted: () => Promise<number>;
};

/** @param nodeOptions for every Node process of ours */
export const startCluster = async (
  t: Cleanup,
  contestant: Contestant,
  scenario: Scenario,
  nodeOptions = '',
): Promise<Cluster> => {
  const folder = await temporaryFolder(t, 'bench');
  const redis = await startRedis(t, { args: ['--appendonly', 'yes'] });
  const client = new Redis(redis.url);
  t.after(() => client.disconnect());
  const count = contestant.proxy || contestant.direct ? scenario.replicas : 1;
  const replicas = await startReplicas(t, contestant.replica, count, { folder, redisUrl: redis.url, nodeOptions });
  const [first = 0, ...rest] = replicas.ports;
  const upstreams = scenario.slowReplica ? [await startDelay(t, first, scenario.slowReplica), ...rest] : replicas.ports;
  const port = contestant.proxy ? await freePort() : first;
  const proxy = contestant.proxy ? [await contestant.proxy(t, { port, upstreams, folder, nodeOptions })] : [];
  return {
    url: `http://127.0.0.1:${port}`,
    ports: contestant.direct ? replicas.ports : [port],
    pids: { proxy, replicas: replicas.pids, redis: [redis.program.child.pid as number] },
    counted: async () => Number((await client.get('requests')) ?? 0),
  };
};
