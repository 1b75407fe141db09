// Measures what viewers of the live feed cost: node test/live-cost.ts (on Linux, where /proc tells the time of processes)
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { type LocalCluster, startLocalCluster } from './browser/support/cluster.ts';

const HITS = 3000;
const ROUNDS = 5;
const TICK_US = 10_000; // of the clock that /proc counts in

/** The processor time that all processes of the cluster have used, in microseconds. */
const used = ({ pids }: LocalCluster): number =>
  pids().reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /, '').split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) * TICK_US;
  }, 0);

const watch = async (url: string, count: number): Promise<WebSocket[]> => {
  const sockets = Array.from({ length: count }, () => new WebSocket(`${url.replace('http', 'ws')}/live`));
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.addEventListener('open', resolve))));
  return sockets;
};

const measure = async (cluster: LocalCluster, pool: Pool) => {
  const [start, before] = [performance.now(), used(cluster)];
  let left = HITS;
  const client = async () => {
    while (left-- > 0) await (await pool.request({ method: 'GET', path: '/' })).body.dump();
  };
  await Promise.all(Array.from({ length: 16 }, client));
  const seconds = (performance.now() - start) / 1000;
  return { cpu: (used(cluster) - before) / HITS, rate: HITS / seconds };
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const ends: (() => unknown)[] = [];
try {
  const cluster = await startLocalCluster({ after: (end) => ends.push(end as () => unknown) });
  const pool = new Pool(cluster.url, { connections: 16 });
  ends.push(() => pool.destroy());
  await measure(cluster, pool); // warms up
  const idle = used(cluster);
  await sleep(5000);
  console.log(`idle, nobody watches: ${((used(cluster) - idle) / 50_000).toFixed(1)}% of one processor, mostly probes`);
  const found = new Map<number, { cpu: number; rate: number }[]>();
  // In turns, so that whatever else this machine does strikes all alike.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const viewers of [0, 1, 10]) {
      const sockets = await watch(cluster.url, viewers);
      found.set(viewers, [...(found.get(viewers) ?? []), await measure(cluster, pool)]);
      for (const socket of sockets) socket.close();
      await sleep(100);
    }
  }
  for (const [viewers, results] of found) {
    const cpu = median(results.map((one) => one.cpu));
    const base = median((found.get(0) ?? []).map((one) => one.cpu));
    const rate = median(results.map((one) => one.rate));
    const more = `${(((cpu - base) / base) * 100).toFixed(1)}% more`;
    console.log(
      `viewers: ${viewers}; ${rate.toFixed(0)} hits a second; ${cpu.toFixed(0)} us of processor a hit, ${more}`,
    );
  }
} finally {
  for (const end of ends.reverse()) await end();
}
