// Starts the replicas of a contestant, each as its own process.
import { freePort } from '@container-counter/network/free-ports';
import type { Cleanup } from '@container-counter/testing/ends';
import type { ReplicaKind } from './contestant.ts';
import { startDaemon } from './daemon.ts';

const MAINS: Readonly<Record<ReplicaKind, string>> = {
  counter: '../services/web/src/main.ts',
  bare: 'replicas/bare.ts',
  classic: 'replicas/classic.ts',
};

export type Replicas = { readonly ports: readonly number[]; readonly pids: readonly number[] };

export const startReplicas = async (
  t: Cleanup,
  kind: ReplicaKind,
  count: number,
  { folder, redisUrl, nodeOptions }: { folder: string; redisUrl: string; nodeOptions: string },
): Promise<Replicas> => {
  const main = new URL(MAINS[kind], import.meta.url).pathname;
  const ports: number[] = [];
  const pids: number[] = [];
  for (let i = 1; i <= count; i += 1) {
    const port = await freePort();
    const own = { PORT: `${port}`, BIND_ADDRESS: '127.0.0.1', REDIS_URL: redisUrl, INSTANCE: `web${i}` };
    const env = { ...own, METRICS_PORT: '0', NODE_OPTIONS: nodeOptions }; // as in Docker; those of others do not know it
    pids.push(await startDaemon(t, folder, port, process.execPath, [main], env));
    ports.push(port);
  }
  return { ports, pids };
};
