// What a kept connection costs a proxy in memory.
import { Agent, get } from 'node:http';
import { withCleanup } from '@container-counter/testing/cleanup';
import type { Cleanup } from '@container-counter/testing/ends';
import { residentMemory, withChildren } from '@container-counter/testing/processes';
import { startCluster } from './cluster.ts';
import type { Contestant } from './contestant.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

/** @returns bytes by which the proxy's resident memory grew for each of `connections` that are kept after one hit */
export const measureKept = async (contestant: Contestant, connections = KEPT): Promise<number> => {
  let bytes = Number.NaN;
  await withCleanup(async (t) => {
    const { url, pids } = await startCluster(t, contestant, SCENARIOS[0] as Scenario);
    const memory = () => residentMemory(withChildren(pids.proxy));
    const one = agent(t);
    for (let i = 0; i < HITS_BEFORE; i += 1) await hit(url, one); // so that what any traffic needs is there
    const before = memory();
    for (let open = 0; open < connections; open += BATCH) {
      const batch = agent(t); // one that has no connection yet
      await Promise.all(Array.from({ length: BATCH }, () => hit(url, batch)));
    }
    bytes = (memory() - before) / connections;
  });
  return bytes;
};

const agent = (t: Cleanup): Agent => {
  const kept = new Agent({ keepAlive: true, maxSockets: BATCH, maxFreeSockets: BATCH });
  t.after(() => kept.destroy());
  return kept;
};

const hit = (url: string, through: Agent): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = get(url, { agent: through }, (response) =>
      response.resume().on('end', resolve).on('error', reject),
    );
    request.on('error', reject);
  });

/** Enough that the rest of the heap does not count. */
export const KEPT = 4000;

const BATCH = 100;

const HITS_BEFORE = 2000;
