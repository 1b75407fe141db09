// What `docker inspect` says of all containers: who they are, how they run, and how they are connected.
import type { Docker } from './docker.ts';

/** A part of what `docker inspect` says of a container. */
export type Inspected = {
  readonly Id: string;
  /** With a slash before it. */
  readonly Name: string;
  readonly RestartCount: number;
  /** The id of the image that it was created from. */
  readonly Image: string;
  readonly Config: {
    /** The name of the image, which may be another one by now. */
    readonly Image: string;
    readonly Labels: Readonly<Record<string, string>> | null;
  };
  readonly State: {
    readonly Status: string;
    readonly Running: boolean;
    readonly Paused: boolean;
    readonly Restarting: boolean;
    readonly OOMKilled: boolean;
    readonly ExitCode: number;
    readonly StartedAt: string;
    /** Where the image or Compose defines a check. */
    readonly Health?: { readonly Status: string };
  };
  readonly HostConfig: {
    /** As `/source:/container/alias`. */
    readonly Links: readonly string[] | null;
  };
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, Endpoint>>;
    /** The ports inside, as `8080/tcp`, and where they are published. */
    readonly Ports: Readonly<Record<string, readonly { readonly HostPort: string }[] | null>> | null;
  };
};

export type Endpoint = {
  readonly IPAddress: string;
  readonly Aliases: readonly string[] | null;
  /** Links on a user-defined network, as `source:alias`. */
  readonly Links?: readonly string[] | null;
  /** Every name on the network; from Engine 26 on. */
  readonly DNSNames?: readonly string[] | null;
};

/** Every container, those that do not run too. @throws {CommandError} when Docker does */
export const inspectAll = async (docker: Docker): Promise<Inspected[]> => {
  const ids = (await docker('ps', '--all', '--quiet', '--no-trunc')).split('\n').filter(Boolean);
  return ids.length === 0 ? [] : inspect(docker, ids);
};

// One that was removed meanwhile makes `docker inspect` fail, though it says what it found.
const inspect = async (docker: Docker, ids: readonly string[]): Promise<Inspected[]> => {
  try {
    return JSON.parse(await docker('inspect', ...ids)) as Inspected[];
  } catch {
    const all = await Promise.all(ids.map((id) => docker('inspect', id).catch(() => '[]')));
    return all.flatMap((one) => JSON.parse(one) as Inspected[]);
  }
};

export const nameOf = ({ Name }: Inspected): string => Name.slice(1);

/** The names that a container has on each network that knows names. */
export const namesOn = (container: Inspected): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.entries(container.NetworkSettings.Networks)
      .filter(([network]) => !NAMELESS.has(network))
      .map(([network, { Aliases, DNSNames }]) => [
        network,
        [nameOf(container), ...(Aliases ?? []), ...(DNSNames ?? [])],
      ]),
  );

const NAMELESS: ReadonlySet<string> = new Set(['bridge', 'host', 'none']);
