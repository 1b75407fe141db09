// Finds the resources of a lesson in the engine and the project's folder, and removes them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Docker, dockerIn } from '../docker/docker.ts';
import type { Shell } from './bash.ts';
import type { Kind, Resources } from './resource-list.ts';

type Thing = { readonly kind: Exclude<Kind, 'needs'>; readonly name: string };

/** Docker, in the folder of the lesson. */
export const dockerOf = ({ cwd, env }: Shell): Docker => dockerIn(env, { cwd });

export const versionOf = (shell: Shell): Promise<string> =>
  dockerOf(shell)('version', '--format', '{{.Server.Version}}');

/** Which of the resources of a lesson exist. */
export const present = async (resources: Resources, shell: Shell): Promise<Thing[]> => {
  const docker = dockerOf(shell);
  const named = (...kinds: Thing['kind'][]) => kinds.some((kind) => resources[kind].length > 0);
  const list = async (kinds: Thing['kind'][], ...args: string[]) =>
    named(...kinds) ? (await docker(...args)).split('\n') : [];
  const [containers, networks, volumes, images] = await Promise.all([
    list(['container', 'project'], 'ps', '--all', '--format', `{{.Names}} ${PROJECT}`),
    list(['network', 'project'], 'network', 'ls', '--format', `{{.Name}} ${PROJECT}`),
    list(['volume', 'project'], 'volume', 'ls', '--format', `{{.Name}} ${PROJECT}`),
    list(['image'], 'image', 'ls', '--format', '{{.Repository}}:{{.Tag}}'),
  ]);
  const swarm = named('swarm') ? await docker('info', '--format', '{{.Swarm.LocalNodeState}}') : '';
  const column = (rows: readonly string[], i: number) => new Set(rows.map((row) => row.split(' ')[i]));
  const there: Readonly<Record<Thing['kind'], (name: string) => boolean>> = {
    container: (name) => column(containers, 0).has(name),
    network: (name) => column(networks, 0).has(name),
    volume: (name) => column(volumes, 0).has(name),
    image: (name) => images.includes(name.includes(':') ? name : `${name}:latest`),
    project: (name) => column([...containers, ...networks, ...volumes], 1).has(name),
    swarm: () => swarm === 'active',
    path: (name) => existsSync(join(shell.cwd, name)),
  };
  return ORDER.flatMap((kind) => resources[kind].filter(there[kind]).map((name) => ({ kind, name })));
};

/** Removes what of the lesson is there, but for what was `kept` from before. @returns what could not be removed, and why */
export const removeMade = async (resources: Resources, kept: readonly Thing[], shell: Shell): Promise<string[]> => {
  const docker = dockerOf(shell);
  const complaints: string[] = [];
  const left = async () =>
    (await present(resources, shell)).filter(({ kind, name }) => !kept.some((k) => k.kind === kind && k.name === name));
  if ((await left()).length === 0) return [];
  for (const kind of ORDER) {
    // Listed again for each kind: removing a project also removes its containers and networks.
    for (const { name } of (await left()).filter((thing) => thing.kind === kind)) {
      await docker(...REMOVE[kind](name, shell.cwd)).catch(({ message }: Error) =>
        complaints.push(`The ${kind} ${name} could not be removed: ${message}`),
      );
    }
  }
  return complaints;
};

// None of them holds one that comes earlier.
const ORDER = ['project', 'container', 'swarm', 'network', 'volume', 'path', 'image'] as const;

const PROJECT = '{{.Label "com.docker.compose.project"}}';

const REMOVE: Readonly<Record<Thing['kind'], (name: string, cwd: string) => string[]>> = {
  project: (name) => ['compose', '--project-name', name, 'down', '--volumes', '--remove-orphans', '--timeout', '1'],
  container: (name) => ['rm', '--force', '--volumes', name],
  swarm: () => ['swarm', 'leave', '--force'],
  network: (name) => ['network', 'rm', name],
  volume: (name) => ['volume', 'rm', name],
  // Files that a container wrote belong to its user, so only a container can remove them.
  path: (name, cwd) => ['run', '--rm', '--volume', `${cwd}:/project`, 'busybox', 'rm', '-rf', `/project/${name}`],
  image: (name) => ['image', 'rm', name],
};
