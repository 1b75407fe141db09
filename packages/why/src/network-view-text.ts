// The output of `counter inspect`: interfaces, routes, names.
import { isLink } from '@container-counter/network/hosts-file';
import type { Route } from '@container-counter/network/routes';
import type { NetworkView } from './network-view.ts';
import { containerLine } from './why-text.ts';

export const networkViewText = (view: NetworkView): string => {
  const links = view.links.map(({ alias, names, copied }) => `${alias}: ${names.length + copied.length} variables`);
  const blocks: readonly (readonly [string, readonly string[]])[] = [
    [
      'interfaces',
      view.interfaces.map(({ name, address, network }) => `${name} ${address}${network ? ` on ${network}` : ''}`),
    ],
    ['routes', view.routes.map(routeText)],
    [
      '/etc/hosts',
      view.hosts.map((line) => `${line.address} ${line.names.join(' ')}${isLink(line) ? ' (a link)' : ''}`),
    ],
    ['resolver', view.nameServers],
    ['links', links],
  ];
  const shown = blocks.flatMap(([title, lines]) =>
    (lines.length === 0 ? ['none'] : lines).map((line, i) => `${(i === 0 ? title : '').padEnd(WIDTH)}${line}`),
  );
  return [`In ${containerLine(view)}:`, '', ...shown].join('\n');
};

const WIDTH = 12;

const routeText = ({ interface: name, destination, prefix, gateway }: Route): string =>
  `${prefix === 0 ? 'default' : `${destination}/${prefix}`} ${gateway === null ? '' : `via ${gateway} `}on ${name}`;
