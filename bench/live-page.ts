// What the live page costs a browser: the processor time of its main thread, at rates of hits.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cleanup } from '@container-counter/testing/ends';
import { openPage } from '../test/browser/support/browser.ts';
import { startLocalCluster } from '../test/browser/support/cluster.ts';
import { load } from './load.ts';

export type LivePage = { readonly seconds: number; readonly samples: readonly PageSample[] };

export type PageSample = {
  /** Hits per second, as counted. */
  readonly rate: number;
  /** Processor time of the main thread, of all it did and of layouts, as a part of one core. */
  readonly main: number;
  readonly layout: number;
  readonly layoutsPerSecond: number;
};

const RATES = [0, 20, 1500]; // none; as many as are seen one by one; and a thousand at least, as each waits for its response
const WARM_UP_S = 4;
const CONNECTIONS = 60;

export const measureLivePage = async (t: Cleanup, seconds: number, say: (line: string) => void): Promise<LivePage> => {
  const cluster = await startLocalCluster(t);
  const { page } = await openPage(t, cluster.url, { viewport: { width: 1440, height: 900 } });
  const client = await page.context().newCDPSession(page);
  // Not the time of day: whatever else the machine does must not count.
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async () => {
    const { metrics } = await client.send('Performance.getMetrics');
    const { requests } = (await (await fetch(`${cluster.url}/counts`)).json()) as { requests: number };
    return { at: performance.now(), requests, ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])) };
  };
  const samples: PageSample[] = [];
  for (const rate of RATES) {
    const connections = Math.min(CONNECTIONS, rate);
    const scenario = { name: '', about: '', replicas: 3, connections, rate };
    const loaded = rate === 0 ? undefined : load({ url: cluster.url }, scenario, seconds + WARM_UP_S + 2);
    await sleep(WARM_UP_S * 1000);
    const before: Readonly<Record<string, number>> = await read();
    await sleep(seconds * 1000);
    const after: Readonly<Record<string, number>> = await read();
    await loaded;
    const grown = (name: string) => (after[name] ?? 0) - (before[name] ?? 0);
    const passed = grown('at') / 1000;
    samples.push({
      rate: grown('requests') / passed,
      main: grown('TaskDuration') / passed,
      layout: (grown('LayoutDuration') + grown('RecalcStyleDuration')) / passed,
      layoutsPerSecond: grown('LayoutCount') / passed,
    });
    say(`live page: ${JSON.stringify(samples.at(-1))}`);
  }
  return { seconds, samples };
};
