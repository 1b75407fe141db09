// Which tests share a process, and which run at the same time.
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';

export type Group = {
  readonly name: string;
  /** Its test files, from the root of the repository. They run in one process, one after the other. */
  readonly files: readonly string[];
  /** In milliseconds: for each test, and for all of them with their process. */
  readonly timeout: { readonly test: number; readonly group: number };
};

/** Groups that are started in this order, at most `width` at the same time. */
export type Lane = { readonly width: number; readonly groups: readonly Group[] };

const MINUTE = 60_000;
const UNIT = { test: 5 * MINUTE, group: 15 * MINUTE }; // what hangs is found; no plan for what takes its time
const DOCKER = { test: 10 * MINUTE, group: 30 * MINUTE };

// Whole clusters, storms, audits and measurements, of some minutes together: each in a process of its own, the longest
// first.
const LONG = [
  'services/counter-cli/test/audit-local.test.ts',
  'test/hostile/fuzz.test.ts',
  'test/redis-causes-replica.test.ts',
  'test/bench.test.ts',
  'test/hostile/many-connections.test.ts',
  'test/hostile/replica.test.ts',
  'test/hostile/leaving.test.ts',
  'test/hostile/header-size.test.ts',
  'services/proxy/test/misbehaving-replica.test.ts',
  'test/redis-causes.test.ts',
  'test/scaling.test.ts',
  'test/cluster.test.ts',
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
  'packages/service/test': 1,
  'packages/testing/test': 1,
} as const;

const filesOf = (folder: string): string[] => globSync(`${folder}/*.test.ts`).toSorted();

const alone = (file: string, timeout = UNIT): Group => ({ name: file, files: [file], timeout });

// One more than there are processors: each waits now and then.
const width = availableParallelism() + 1;

const shares = ([name, parts]: [string, number]): Group[] => {
  const files = filesOf(name).filter((file) => !LONG.includes(file));
  return Array.from({ length: parts }, (_, part) => ({
    name: parts === 1 ? name : `${name}, ${part + 1} of ${parts}`,
    files: files.filter((_, i) => i % parts === part),
    timeout: UNIT,
  }));
};

/** What takes less than a minute, without Docker and without a browser. */
export const fast = (): Lane[] => [{ width, groups: Object.entries(FOLDERS).flatMap(shares) }];

export const all = (): Lane[] => [
  {
    width,
    groups: [
      ...[...LONG, ...filesOf('test/browser')].map((file) => alone(file)),
      ...fast().flatMap(({ groups }) => groups),
    ],
  },
  // One after the other: some take down all that runs, and some must leave nothing.
  { width: 1, groups: filesOf('test/e2e').map((file) => alone(file, DOCKER)) },
];
