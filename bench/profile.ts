// Where the processor time of the proxy and of a replica goes, by V8's own profiler.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withCleanup } from '@container-counter/testing/cleanup';
import { startCluster } from './cluster.ts';
import type { Contestant } from './contestant.ts';
import { load } from './load.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

/** Shares of the time in which it was busy, by who spent it, the largest first. */
export type Shares = Readonly<Record<string, number>>;
export type Profile = { readonly proxy: Shares; readonly replica: Shares };

/** The parts of a file as V8 writes it that are of interest here; times are in microseconds. */
type CpuProfile = {
  readonly nodes: readonly { id: number; callFrame: { functionName: string; url: string } }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
};

/** Profiles the later half of what `contestant` does in `seconds` with 64 connections: it is warm by then. */
export const profile = async (contestant: Contestant, seconds: number): Promise<Profile> => {
  const folder = await mkdtemp(join(tmpdir(), 'counter-profile-'));
  try {
    let pids: readonly (number | undefined)[] = [];
    await withCleanup(async (t) => {
      const scenario = SCENARIOS[0] as Scenario;
      const cluster = await startCluster(t, contestant, scenario, `--cpu-prof --cpu-prof-dir=${folder}`);
      pids = [cluster.pids.proxy[0], cluster.pids.replicas[0]];
      await load(cluster, scenario, seconds);
    });
    const files = await readdir(folder); // written when each had ended
    const [proxy = {}, replica = {}] = await Promise.all(
      pids.map(async (pid) => {
        const name = files.find((file) => file.includes(`.${pid}.`)) ?? `no profile of ${pid}`;
        return sharesOf(JSON.parse(await readFile(join(folder, name), 'utf8')));
      }),
    );
    return { proxy, replica };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const sharesOf = ({ nodes, samples, timeDeltas }: CpuProfile): Shares => {
  const spenders = new Map(nodes.map(({ id, callFrame }) => [id, spenderOf(callFrame)]));
  const all = samples.map((id, i) => ({ spender: spenders.get(id), time: timeDeltas[i] as number }));
  const busy = all.filter(({ spender }) => spender !== undefined);
  const spent = Map.groupBy(busy.slice(busy.length / 2), ({ spender }) => spender as string);
  const sum = (part: typeof busy): number => part.reduce((total, { time }) => total + time, 0);
  const total = sum(busy.slice(busy.length / 2));
  const shares = [...spent].map(([spender, part]) => [spender, sum(part) / total] as const);
  return Object.fromEntries(shares.toSorted(([, a], [, b]) => b - a));
};

const spenderOf = ({ functionName, url }: { functionName: string; url: string }): string | undefined => {
  if (functionName === '(idle)') return undefined;
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (/^write(v|Latin1String|Utf8String|Buffer)$/.test(functionName) && url === '')
    return 'writes to sockets and the log';
  const [, dependency] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (dependency !== undefined) return dependency;
  if (/^node:(_http|internal\/http)/.test(url)) return 'node:http';
  if (url.startsWith('node:')) return 'the rest of Node';
  return url.startsWith('file:') ? 'this project' : 'V8 and native code';
};
