// A swarm of two private engines, each in its own network namespace, for the tests of the stack.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { docker } from './engine.ts';

const ROOT = new URL('../../..', import.meta.url).pathname;

/** Where the two machines are, on the cable between them (tools/engine/settings.bash). */
export const MACHINES = ['10.89.7.1', '10.89.7.2'] as const;

const run = async (command: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)(command, args, { cwd: ROOT, maxBuffer: 2 ** 26 })).stdout.trimEnd();

const second = (...args: string[]) => run('tools/engine/second', ...args);

/** Runs `docker` on the second machine. */
export const dockerThere = (...args: string[]) => second('exec', 'docker', ...args);

/** Ends the second machine as a power cut would. */
export const killSecond = () => second('kill');

export const startSecond = () => second('start');

/** The ids by which a manager knows the machines. */
export type SwarmNodes = readonly [first: string, second: string];

/** Makes the swarm, with the images on both machines. */
export const startSwarm = async (): Promise<SwarmNodes> => {
  await second('up');
  await leave();
  // Sooner than a laptop's lid is closed: a node that does not tell of itself for 6 s is down.
  const pool = ['--default-addr-pool', '10.88.0.0/16', '--dispatcher-heartbeat', '2s'];
  await docker('swarm', 'init', '--advertise-addr', MACHINES[0], ...pool);
  const token = await docker('swarm', 'join-token', '--quiet', 'worker');
  await dockerThere('swarm', 'join', '--token', token, '--advertise-addr', MACHINES[1], `${MACHINES[0]}:2377`);
  await docker('compose', 'build', '--quiet');
  await run('bash', '-c', `set -o pipefail; docker save ${IMAGES.join(' ')} | tools/engine/second exec docker load`);
  const idOf = (ask: typeof docker) => ask('info', '--format', '{{.Swarm.NodeID}}');
  return [await idOf(docker), await idOf(dockerThere)];
};

/** Takes the stack, the swarm and the second machine away; works on any half of it that is there. */
export const stopSwarm = async (): Promise<void> => {
  await leave();
  await second('down').catch(() => {});
  // What the stack leaves on the first machine, which the other tests use, too.
  await docker('volume', 'rm', '--force', 'container-counter_redis-data');
  await docker('network', 'rm', 'docker_gwbridge').catch(() => {});
  await docker('rmi', '--force', 'container-counter/web:next', 'container-counter/web:broken').catch(() => {});
};

/** Builds an image on both machines: that of a replica, with these lines added. */
export const buildVariant = async (tag: string, lines: string): Promise<void> => {
  const build = `printf '%s\\n' 'FROM container-counter/web' '${lines}' | docker build --quiet --tag ${tag} -`;
  await Promise.all([run('bash', '-c', build), second('exec', 'bash', '-c', build)]);
};

// Who leaves a swarm, leaves its services; their containers are stopped.
const leave = async (): Promise<void> => {
  for (const ask of [docker, dockerThere]) await ask('swarm', 'leave', '--force').catch(() => {});
};

const IMAGES = ['container-counter/web', 'container-counter/proxy', 'redis:8-alpine'];
