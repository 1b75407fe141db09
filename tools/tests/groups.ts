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
export type Lane = {
  readonly width: number;
  readonly groups: readonly Group[];
  /** The lanes that must have ended before. */
  readonly after?: readonly Lane[];
  /** Runs once before the groups. */
  readonly prepare?: readonly string[];
  /** Variables for all of them. */
  readonly env?: Readonly<Record<string, string>>;
};

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

/** The clusters in Docker. */
export const docker = (): Lane[] => {
  const first: Lane = { width: 1, groups: ALONE.map(inDocker) };
  const others = filesOf('test/e2e').filter((file) => !ALONE.includes(file));
  return [
    first,
    {
      width,
      groups: others.toSorted((a, b) => rank(a) - rank(b)).map(inDocker),
      after: [first],
      // Compose labels an image with the project it was built for, so that a build recreates the containers of others.
      prepare: ['docker', 'compose', '--profile', 'cli', 'build', '--quiet'],
      env: IMAGES,
    },
  ];
};

export const all = (): Lane[] => [
  {
    width,
    groups: [
      ...[...LONG, ...filesOf('test/browser')].map((file) => alone(file)),
      ...fast().flatMap(({ groups }) => groups),
    ],
  },
  ...docker(),
];

const inDocker = (file: string): Group => alone(file, DOCKER);

// They have the engine for themselves: lessons, which must leave nothing, and whatever uses the names, ports and images
// that people use, or takes down all that runs, as `counter down` does.
const ALONE = [
  'test/e2e/labs.test.ts',
  'test/e2e/teaching.test.ts',
  'test/e2e/by-hand.test.ts',
  'test/e2e/readme.test.ts',
  'test/e2e/compare.test.ts',
  'test/e2e/audit.test.ts',
  'test/e2e/topologies.test.ts',
  'test/e2e/swarm.test.ts',
];

// The longest of the others, first.
const LONG_IN_DOCKER = ['test/e2e/rounds.test.ts', 'test/e2e/why-outside.test.ts', 'test/e2e/links.test.ts'];

const rank = (file: string): number => (LONG_IN_DOCKER.indexOf(file) + 1 || LONG_IN_DOCKER.length + 1) - 1;

const IMAGES = {
  WEB_IMAGE: 'counter-test/web',
  PROXY_IMAGE: 'counter-test/proxy',
  CLI_IMAGE: 'counter-test/cli',
  IMAGES_ARE_BUILT: '1',
};
