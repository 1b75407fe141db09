// Which tests share a process, and which run at the same time.
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { engines, HERE } from './engines.ts';
import type { Group, Lane, Worker } from './run.ts';

const MINUTE = 60_000;
const UNIT = { test: 5 * MINUTE, group: 15 * MINUTE }; // what hangs is found; no plan for what takes its time
const DOCKER = { test: 10 * MINUTE, group: 30 * MINUTE };

// Whole clusters, storms, audits and measurements, of some minutes together: each in a process of its own, the longest
// first.
const LONG = [
  'services/counter-cli/test/audit-local.test.ts',
  'test/hostile/fuzz.test.ts',
  'test/bench.test.ts',
  'test/hostile/many-connections.test.ts',
  'test/hostile/replica.test.ts',
  'test/hostile/leaving.test.ts',
  'test/hostile/header-size.test.ts',
  'services/proxy/test/misbehaving-replica.test.ts',
  'test/redis-causes.test.ts',
  'test/scaling.test.ts',
  'test/cluster.test.ts',
  'test/local-watch.test.ts',
  'services/counter-cli/test/local-up.test.ts',
  'services/counter-cli/test/local-ends.test.ts',
  'services/counter-cli/test/local-not-ready.test.ts',
  'services/counter-cli/test/local-embedded.test.ts',
  'services/counter-cli/test/local-named-redis.test.ts',
];

// Each with the number of processes that share its files, so that all groups take about the same time.
const FOLDERS = {
  'services/counter-cli/test': 4,
  'services/proxy/test': 2,
  'services/web/test': 2,
  'test/hostile': 2,
  test: 1,
  'packages/network/test': 1,
  'packages/why/test': 1,
  'packages/service/test': 1,
  'packages/testing/test': 1,
} as const;

const filesOf = (folder: string): string[] => globSync(`${folder}/*.test.ts`).toSorted();

const alone = (file: string, timeout = UNIT): Group => ({ name: file, files: [file], timeout });

const workers = (count: number): Worker[] => Array.from({ length: count }, () => HERE);

const shares = ([name, parts]: [string, number]): Group[] => {
  const files = filesOf(name).filter((file) => !LONG.includes(file));
  return Array.from({ length: parts }, (_, part) => ({
    name: parts === 1 ? name : `${name}, ${part + 1} of ${parts}`,
    files: files.filter((_, i) => i % parts === part),
    timeout: UNIT,
  }));
};

/** What takes about a minute, without Docker and without a browser. */
export const fast = (): Lane[] => [
  // One more than there are processors: each waits now and then.
  { workers: workers(availableParallelism() + 1), groups: Object.entries(FOLDERS).flatMap(shares) },
];

/** What runs in Docker, one file at a time in each engine. */
export const docker = (env: NodeJS.ProcessEnv): Lane[] => [
  { workers: engines(env), groups: longestFirst(filesOf('test/e2e')).map(inDocker) },
];

/** What the oldest tested engine must do as well: both wirings, a rollout, and the lessons. */
export const oldest = (env: NodeJS.ProcessEnv): Lane[] => [
  { workers: engines(env), groups: BOTH_ENGINES.map(inDocker) },
];

export const all = (env: NodeJS.ProcessEnv): Lane[] => [
  {
    workers: workers(availableParallelism()), // those in Docker run beside them
    groups: [
      ...[...LONG, ...filesOf('test/browser')].map((file) => alone(file)),
      ...fast().flatMap(({ groups }) => groups),
    ],
  },
  ...docker(env),
];

const inDocker = (file: string): Group => alone(file, DOCKER);

const BOTH_ENGINES = ['rolling', 'labs-cluster', 'labs-networks', 'same-responses', 'links'].map(
  (name) => `test/e2e/${name}.test.ts`,
);

const LONG_IN_DOCKER = [
  'swarm',
  'rounds',
  'labs-cluster',
  'labs-networks',
  'audit',
  'readme',
  'rolling',
  'lab-command',
  'teaching',
  'why-outside',
  'compare',
].map((name) => `test/e2e/${name}.test.ts`);

const longestFirst = (files: readonly string[]): string[] => [
  ...LONG_IN_DOCKER,
  ...files.filter((file) => !LONG_IN_DOCKER.includes(file)),
];
