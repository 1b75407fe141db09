// Deploys the stack: builds the images, sees to the secret and to the place of the data, and waits for every task.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '@container-counter/service/environment';
import { buildAll } from 'docker-compose';
import { readConfig } from '../../config.ts';
import { CommandError, UsageError } from '../../errors.ts';
import { nextSteps } from '../../next-steps.ts';
import { ROOT } from '../../project.ts';
import { print, type Terminal } from '../../terminal.ts';
import { imageName, optionsFor, orFail, streamTo } from '../compose/compose.ts';
import { type Docker, dockerIn } from '../docker.ts';
import { jsonLines, STACK, whyNoSwarm } from './stack.ts';
import { isWhole, listTasks, type Service } from './tasks.ts';

/** The stack keeps running after this command. @throws {CommandError} when it does not start; what did start keeps running */
export const upSwarm = async (terminal: Terminal): Promise<void> => {
  const docker = dockerIn(terminal.env);
  const why = await whyNoSwarm(docker);
  if (why !== undefined) throw new CommandError(`The stack needs a swarm, but ${why}.`);
  const { redisPasswordFile } = readConfig(terminal.env);
  const published = isPublished(terminal.env);
  if (!published) {
    const build = buildAll({ ...optionsFor('networks', terminal.env), ...streamTo(terminal) });
    await orFail(build, 'docker compose build');
  }
  await makeSecret(terminal.env, redisPasswordFile);
  await placeData(docker);
  const start = Date.now();
  // An image of this machine has no digest that a registry could tell.
  const images = published ? ['--with-registry-auth'] : ['--resolve-image', 'never'];
  const flags = [...images, '--compose-file', join(ROOT, 'docker-stack.yml')];
  print(terminal, await docker('stack', 'deploy', ...flags, STACK));
  await untilHealthy(docker, start, terminal.env);
  const { url } = await listTasks(docker);
  print(terminal, nextSteps(url ?? 'http://localhost:8080', [LIST_KEYS], '"npx counter down swarm" stops it.'));
};

// As in Compose files: whether the images come from a registry, or are built here.
const isPublished = ({ WEB_IMAGE, PROXY_IMAGE, PULL_POLICY }: Environment): boolean => {
  if (WEB_IMAGE || PROXY_IMAGE)
    throw new UsageError(
      'WEB_IMAGE and PROXY_IMAGE are for Compose. IMAGE_PREFIX and IMAGE_TAG name the images of the stack; "docker service update --image" replaces one.',
    );
  return PULL_POLICY === 'missing' || PULL_POLICY === 'always';
};

// A secret that is there stays as it is: Redis and the replicas must agree on it.
const makeSecret = async (env: Environment, file: string | undefined): Promise<void> => {
  const docker = dockerIn(env, { input: randomBytes(24).toString('base64url') });
  const names = (await docker('secret', 'ls', '--format', '{{.Name}}')).split('\n');
  if (names.includes(SECRET)) return;
  await docker('secret', 'create', SECRET, file ?? '-');
};

// The volume lies on one node. The first time that is this one; later it is the one that has the label.
const placeData = async (docker: Docker): Promise<void> => {
  const ids = (await docker('node', 'ls', '--quiet')).split('\n');
  const labels = await docker('node', 'inspect', '--format', '{{.Spec.Labels.redis}}', ...ids);
  if (labels.split('\n').includes('here')) return;
  const here = await docker('info', '--format', '{{.Swarm.NodeID}}');
  await docker('node', 'update', '--label-add', 'redis=here', here);
};

const untilHealthy = async (docker: Docker, start: number, env: Environment): Promise<void> => {
  const end = start + HEALTHY_WITHIN_MS;
  for (;;) {
    const services = jsonLines<Service>(await docker('stack', 'services', '--format', '{{json .}}', STACK));
    if (isWhole(services) && !(await isUpdating(docker, services, start))) return;
    if (Date.now() > end) throw new CommandError(await whyNotWhole(docker, env));
    await sleep(ASK_EVERY_MS);
  }
};

const isUpdating = async (docker: Docker, services: readonly Service[], start: number): Promise<boolean> => {
  const format = '{{with .UpdateStatus}}{{json .}}{{else}}{}{{end}}';
  const names = services.map(({ Name }) => Name);
  const updates = jsonLines<Update>(await docker('service', 'inspect', '--format', format, ...names));
  const failed = updates.findIndex(
    ({ State = '', CompletedAt = 0 }) => /rollback_completed|paused/.test(State) && +new Date(CompletedAt) > start,
  );
  if (failed === -1) return updates.some(({ State }) => State === 'updating' || State === 'rollback_started');
  throw new CommandError(
    `${names[failed]} runs as it was before: the new tasks did not stay healthy (${updates[failed]?.Message}).`,
  );
};

/** What `docker service inspect` says of the last update, which may be one of long ago. */
type Update = { readonly State?: string; readonly CompletedAt?: string; readonly Message?: string };

const whyNotWhole = async (docker: Docker, env: Environment): Promise<string> => {
  const errors = await docker('stack', 'ps', '--no-trunc', '--format', '{{.Error}}', STACK);
  const first = errors.split('\n').find(Boolean) ?? 'see "counter status"';
  const remedy = /No such image/.test(first)
    ? ` Every machine needs the images: docker save ${imageName(env, 'web')} ${imageName(env, 'proxy')} | ssh MACHINE docker load`
    : '';
  return `Not every task runs after ${HEALTHY_WITHIN_MS / 1000} s: ${first}.${remedy}`;
};

const SECRET = 'redis-password';
const HEALTHY_WITHIN_MS = 120_000;
const ASK_EVERY_MS = 500;
const LIST_KEYS = `docker exec $(docker ps -qf name=${STACK}_redis) sh -c 'REDISCLI_AUTH=$(cat /run/secrets/redis-password) redis-cli keys "*"'`;
