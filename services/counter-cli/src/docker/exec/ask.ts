// Runs `counter why` and `counter inspect` inside a container.

import type { Environment } from '@container-counter/service/environment';
import type { NetworkView } from '@container-counter/why/network-view';
import type { Why } from '@container-counter/why/why';
import { CommandError, UsageError } from '../../errors.ts';
import { printable } from '../../text.ts';
import { imageName } from '../compose/compose.ts';
import { type Docker, DockerFailed } from '../docker.ts';

/** What `counter inspect --json HOST...` prints. */
export type Seen = NetworkView & { readonly paths: readonly Why[] };

/** @throws {UsageError} when `host` is none @throws {CommandError} when Docker does */
export const askWhy = (docker: Docker, env: Environment, id: string, host: string): Promise<Why> =>
  inside(docker, env, id, 'why', host, '--json');

/** @param hosts where it should try to get to @throws {CommandError} when Docker does */
export const inspectFrom = (docker: Docker, env: Environment, id: string, hosts: readonly string[]): Promise<Seen> =>
  inside(docker, env, id, 'inspect', ...hosts, '--json');

/** The image whose containers can be asked. */
export const imageOf = (env: Environment): string => env['WEB_IMAGE'] || imageName(env, 'web');

/** The image of Redis, as the Compose files take it. */
export const redisImageOf = (env: Environment): string => env['REDIS_IMAGE'] || 'redis:8-alpine';

// Not every container can be asked: the image may have no `counter`, or another program of that name, and Docker runs
// nothing in one whose link leads to a container that was removed.
const inside = async <T>(docker: Docker, env: Environment, id: string, ...command: string[]): Promise<T> => {
  try {
    return answerIn(await docker('exec', id, 'counter', ...command).catch(answerOf));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return answerIn(await beside(docker, env, id, command).catch(answerOf));
  }
};

/** What was printed, without what could control a terminal: it is the container that says it. */
const answerIn = <T>(json: string): T => {
  try {
    if (!json.startsWith('{')) throw new SyntaxError('no object');
    return JSON.parse(json, (_, value) => (typeof value === 'string' ? printable(value) : value));
  } catch (cause) {
    const sentence = `The container's counter printed no JSON, but ${JSON.stringify(printable(json, 100))}.`;
    throw new CommandError(`${sentence} Build the images of this version: docker compose build.`, { cause });
  }
};

// A container of another image, such as Redis: one of ours for a moment, with its network, hosts file, resolver and
// the variables that its links set.
const beside = async (docker: Docker, env: Environment, id: string, command: readonly string[]): Promise<string> => {
  const inspected = await docker('inspect', '--format', '{{json .Config.Env}}', id);
  const links = await docker('exec', id, 'env').catch(() => '');
  const known = new Set(JSON.parse(inspected) as string[]);
  const variables = links
    .split('\n')
    .filter((line) => /^\w+=/.test(line) && !known.has(line) && !/^(HOME|HOSTNAME|PATH|PWD|SHLVL)=/.test(line));
  // What a link copied out of its source may be secret; that it is there is enough.
  const given = variables.flatMap((line) => ['--env', line.replace(/^(\w+_ENV_\w+=).*/, '$1')]);
  return docker('run', '--rm', '--network', `container:${id}`, ...given, imageOf(env), 'counter', ...command);
};

// `counter why` ends with 1 when the way fails, and has said why; with 2 it was used wrongly.
const answerOf = (error: unknown): string => {
  if (!(error instanceof DockerFailed)) throw error;
  if (error.code === 1 && error.stdout.startsWith('{')) return error.stdout;
  if (error.code === 2) {
    const lines = (error.cause as { stderr: string }).stderr.trimEnd().split('\n');
    throw new UsageError(lines.map((line) => printable(line)).join('\n'));
  }
  throw error;
};
