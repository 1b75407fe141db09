// Measures what viewers of the live page cost: one cluster with none, one and ten of them, alternately.
import { once } from 'node:events';
import { withCleanup } from '@container-counter/testing/cleanup';
import { ratioOf, spreadOf } from '../../bench/statistics.ts';

import type { Effort, Viewers } from './figures.ts';
import { type Measured, startTiers } from './tiers.ts';

export const measureViewers = async ({ rounds, seconds, warmUp }: Effort): Promise<Viewers[]> => {
  const found: Measured[][] = COUNTS.map(() => []);
  await withCleanup(async (t) => {
    const { measure, urls } = await startTiers(t, { proxies: 1, replicas: 3 }, warmUp);
    for (let round = 0; round < rounds; round += 1) {
      for (const [i, count] of COUNTS.entries()) {
        const sockets = await watch(`${urls[0]?.replace('http', 'ws')}/live`, count);
        found[i]?.push(await measure(seconds));
        await Promise.all(sockets.map(leave));
      }
    }
  });
  const rates = found.map((all) => all.map(({ perSecond }) => perSecond));
  const costs = found.map((all) => all.map(inAll));
  return COUNTS.map((viewers, i) => ({
    viewers,
    perSecond: spreadOf(rates[i] ?? []).median,
    rateRatio: ratioOf(rates[i] ?? [], rates[0] ?? []).median,
    microseconds: spreadOf(costs[i] ?? []).median,
    ratio: ratioOf(costs[i] ?? [], costs[0] ?? []).median,
  }));
};

const inAll = ({ microseconds: { proxy, web, redis } }: Measured): number => proxy + web + redis;

const watch = (url: string, count: number): Promise<WebSocket[]> =>
  Promise.all(
    Array.from({ length: count }, async () => {
      const socket = new WebSocket(url);
      await once(socket, 'message'); // the snapshot: from now on it is told of every hit
      return socket;
    }),
  );

const leave = async (socket: WebSocket): Promise<void> => {
  const closed = once(socket, 'close');
  socket.close();
  await closed;
};

const COUNTS = [0, 1, 10]; // the first is what the others are compared with
