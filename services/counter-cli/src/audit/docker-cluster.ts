// A cluster of containers for an audit: docker-compose.yml under a project name and a port of its own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@container-counter/network/free-ports';
import { downAll, type IDockerComposeOptions, upAll } from 'docker-compose';
import { optionsFor, orFail } from '../docker/compose/compose.ts';
import { dockerIn } from '../docker/docker.ts';
import { whyNoContainers } from '../docker/engine.ts';
import { CommandError } from '../errors.ts';
import { askByCli } from '../redis/redis-cli.ts';
import type { Terminal } from '../terminal.ts';
import { naturally } from '../text.ts';
import { type StartCluster, storedBy } from './cluster.ts';
import { DOCKER_FAULTS, type DockerParts } from './docker-faults.ts';

const PROJECT = 'container-counter-audit';

/** @throws {CommandError} when there is no engine, or a cluster that is up has its networks */
export const startDockerCluster =
  ({ env: given }: Terminal): StartCluster =>
  async (stop) => {
    const why = await whyNoContainers(given);
    if (why !== undefined) throw new CommandError(`The audit of containers needs Docker, but ${why}.`);
    const port = await freePort();
    const env = {
      ...given,
      COMPOSE_PROJECT_NAME: PROJECT,
      PROXY_PORT: `${port}`,
      NETWORK_PREFIX: '', // the faults know the networks by their names
      LOG_LEVEL: given['LOG_LEVEL'] ?? 'warn',
    };
    const docker = dockerIn(env);
    await refuseForeignNetworks(docker);

    const folder = mkdtempSync(join(tmpdir(), 'counter-audit-'));
    const durable = join(folder, 'durable.json'); // JSON is YAML
    const command = 'redis-server --appendonly yes --appendfsync always';
    writeFileSync(durable, JSON.stringify({ services: { redis: { command } } }));
    const options = (...flags: string[]): IDockerComposeOptions => ({
      ...optionsFor('networks', env, ...flags),
      config: ['docker-compose.yml', durable],
    });
    const up = (...flags: string[]) => orFail(upAll(options('--wait', ...flags)), 'docker compose up');
    const down = () =>
      orFail(downAll(options('--volumes', '--remove-orphans', '--timeout', '2')), 'docker compose down');
    const end = async () => {
      await down();
      rmSync(folder, { recursive: true, force: true });
    };
    const containers = async (service: string): Promise<string[]> => {
      const listed = await docker(
        ...['ps', '--all', '--no-trunc', '--filter', `label=com.docker.compose.project=${PROJECT}`],
        ...['--filter', `label=com.docker.compose.service=${service}`],
        ...['--format', '{{.Label "com.docker.compose.container-number"}} {{.ID}}'],
      );
      return listed
        .split('\n')
        .filter(Boolean)
        .toSorted(naturally)
        .map((line) => line.split(' ')[1] as string);
    };
    const redis = async (...args: string[]) => docker('exec', `${await containers('redis')}`, 'redis-cli', ...args);
    try {
      await down(); // what an audit that was killed may have left
      await up('--build');
    } catch (error) {
      await end();
      throw error;
    }
    const parts = { docker, up, containers, stop };
    return {
      url: new URL(`http://127.0.0.1:${port}/`),
      inject: (fault) => DOCKER_FAULTS[fault.kind](parts, fault),
      stored: () => storedBy(askByCli(redis)),
      stop: end,
    };
  };

// The networks have fixed names: those of a cluster that somebody has running would be taken for ours.
const refuseForeignNetworks = async (docker: DockerParts['docker']): Promise<void> => {
  const named = await docker('network', 'ls', '--format', '{{.Name}} {{.Label "com.docker.compose.project"}}');
  const foreign = named
    .split('\n')
    .find((line) => /^(frontend|backend)-network /.test(line) && !line.endsWith(` ${PROJECT}`));
  if (foreign === undefined) return;
  throw new CommandError(
    `The network ${foreign.split(' ')[0]} is in use by another cluster. Stop that one first: counter down`,
  );
};
