// The topologies as text: one table of their differences, and what each container sees.
import { networkViewText } from '@container-counter/why/network-view-text';
import type { Why } from '@container-counter/why/why';
import { table } from '../table.ts';
import type { Colors } from '../terminal.ts';
import { wrap } from '../text.ts';
import type { Looked } from './look.ts';
import { PREFIX } from './topologies.ts';

export const topologiesReport = (looked: readonly Looked[], details: boolean, colors: Colors): string =>
  [differences(looked, colors), legend(looked), ...(details ? looked.map(detail) : [])].join('\n\n');

/** How far a path goes, in a word or two. */
export const outcomeOf = ({ reachable, failure, name, attempts }: Why): string => {
  if (!reachable) return failure?.kind ?? 'no';
  if (name.source === 'address') return 'yes';
  return name.holders[0]?.container.replace(PREFIX, '') ?? attempts[0]?.address ?? 'yes';
};

const differences = (looked: readonly Looked[], colors: Colors): string =>
  table(
    COLUMNS.map((title) => ({ title })),
    looked.map(({ name, seen, paths }) => [
      colors.cyan(name),
      interfacesOf(seen),
      seen.routes.find(({ prefix }) => prefix === 0)?.gateway ?? 'none',
      wrap([seen.nameServers.join(' ') || 'none'], 12),
      outcomeOf(paths.loopback),
      outcomeOf(paths.address),
      outcomeOf(paths.db),
      outcomeOf(paths.search),
    ]),
    colors,
  );

const COLUMNS = ['--network', 'interfaces', 'gateway', 'resolver', '127.0.0.1:6379', "redis's address", 'db', 'search'];

// The host may have any number of them.
const interfacesOf = ({ interfaces, connection }: Looked['seen']): string => {
  const shown = connection === 'host' ? interfaces.slice(0, 3) : interfaces;
  const lines = shown.map(({ name, address }) => `${name} ${address}`);
  return [...lines, ...(shown.length < interfaces.length ? [`and ${interfaces.length - shown.length} more`] : [])].join(
    '\n',
  );
};

const legend = (looked: readonly Looked[]): string =>
  looked.map(({ name, meaning }) => `${name.padEnd(15)}  ${meaning}`).join('\n');

const detail = ({ name, flags, seen }: Looked): string =>
  `docker run ${[...flags, 'IMAGE'].join(' ')}   (${name})\n\n${networkViewText(seen)}`;
