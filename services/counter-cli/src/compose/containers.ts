// Lists the containers of one wiring: their state, and their address on each network.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Environment } from '@container-counter/service/environment';
import { execCompose } from 'docker-compose';
import { naturally } from '../format/natural.ts';
import type { Part } from '../part.ts';
import { type ContainerVariant, composeCommand, optionsFor, orFail } from './compose.ts';

export type Containers = { readonly parts: readonly Part[]; readonly url: string | null };

/** @throws {Failed} when Compose does */
export const listContainers = async (variant: ContainerVariant, env: Environment): Promise<Containers> => {
  // Not the package's own ps(), which reads the ports and the command of each container, and leaves out its health.
  const listed = execCompose('ps', ['--all', '--format', 'json'], optionsFor(variant, env));
  const { out } = await orFail(listed, `${composeCommand(variant)} ps`);
  const found = out
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Listed)
    .toSorted((a, b) => naturally(a.Name, b.Name));
  const addresses = await addressesOf(
    found.map(({ Name }) => Name),
    env,
  );
  const published = found.flatMap(({ Publishers }) => Publishers ?? []).find(({ PublishedPort }) => PublishedPort > 0);
  return {
    parts: found.map(({ Name, State, Health }) => ({
      name: Name,
      state: Health ? `${State}, ${Health}` : State,
      addresses: addresses.get(Name) ?? [],
    })),
    url: published === undefined ? null : `http://localhost:${published.PublishedPort}`,
  };
};

/** A line of `docker compose ps --format json`. */
type Listed = {
  readonly Name: string;
  readonly State: string;
  readonly Health: string;
  readonly Publishers?: readonly { readonly PublishedPort: number }[] | null;
};

/** A part of what `docker inspect` says of a container. */
type Inspected = {
  readonly Name: string;
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>> };
};

// A container that is removed meanwhile makes `docker inspect` fail; then the addresses are left out.
const addressesOf = async (names: readonly string[], env: Environment): Promise<ReadonlyMap<string, string[]>> => {
  if (names.length === 0) return new Map();
  const { stdout } = await run('docker', ['inspect', ...names], { env: { ...env } }).catch(() => ({ stdout: '[]' }));
  return new Map(
    (JSON.parse(stdout) as Inspected[]).map(({ Name, NetworkSettings }) => [
      Name.replace(/^\//, ''),
      Object.entries(NetworkSettings.Networks).flatMap(([network, { IPAddress }]) =>
        IPAddress ? [`${IPAddress} on ${network}`] : [],
      ),
    ]),
  );
};

const run = promisify(execFile);
