// Finds out from outside who has a name, which a container that does not find it cannot see.
import type { Mend } from '@container-counter/network/why/mend';
import type { Why } from '@container-counter/network/why/why';
import type { Docker } from '../compose/docker.ts';

/** `why` with the commands that mend it first, where another container has the name. @throws {Failed} when Docker does */
export const adviseFromOutside = async (docker: Docker, id: string, why: Why): Promise<Why> => {
  const { failure, host } = why;
  if (failure === null || !NOBODY_KNOWS.has(failure.kind)) return why;
  const listed = await docker('ps', '--all', '--quiet', '--no-trunc');
  const inspected = JSON.parse(await docker('inspect', ...listed.split('\n'))) as Inspected[];
  const own = inspected.find(({ Id }) => Id === id)?.Name.slice(1) ?? id;
  const advice = inspected.flatMap((container) => mendsBy(container, host, own));
  return { ...why, failure: { ...failure, mend: [...advice, ...failure.mend] } };
};

const NOBODY_KNOWS: ReadonlySet<string> = new Set(['unresolved', 'no names']);

const mendsBy = ({ Name, State, NetworkSettings }: Inspected, host: string, own: string): Mend[] => {
  const name = Name.slice(1);
  // Engine 26 and later list all the names of a container on a network in DNSNames. The default bridge has none.
  const networks = Object.entries(NetworkSettings.Networks).flatMap(([network, { Aliases, DNSNames }]) =>
    NAMELESS.has(network) || ![name, ...(Aliases ?? []), ...(DNSNames ?? [])].includes(host) ? [] : [network],
  );
  if (name === own || networks.length === 0) return [];
  const who = `${name} has the name "${host}" on ${networks.join(' and ')}`;
  if (!State.Running) return [{ does: `${who}, and does not run: this starts it`, command: `docker start ${name}` }];
  return [{ does: `${who}: this brings ${own} there`, command: `docker network connect ${networks[0]} ${own}` }];
};

const NAMELESS: ReadonlySet<string> = new Set(['bridge', 'host', 'none']);

/** A part of what `docker inspect` says of a container. */
type Inspected = {
  readonly Id: string;
  readonly Name: string;
  readonly State: { readonly Running: boolean };
  readonly NetworkSettings: {
    readonly Networks: Readonly<
      Record<string, { readonly Aliases: readonly string[] | null; readonly DNSNames?: readonly string[] | null }>
    >;
  };
};
