// Draws the cluster: zones, nodes, and the lines that requests take.
import type { RedisEndpoint } from '@container-counter/api/messages';
import { setText, svg } from './elements.ts';
import { type Box, type Layout, layOut } from './layout.ts';
import { node } from './node.ts';
import type { Replica } from './roster.ts';
import { type Wiring, wiringOf } from './wiring.ts';

export type Picture = {
  readonly replicas: readonly Replica[];
  readonly redis: RedisEndpoint | undefined;
  readonly redisDown: boolean;
  readonly proxyDown: boolean;
};

/** The way of one hit: the lines it runs along, and the node that serves it. */
export type Way = { readonly lines: readonly SVGPathElement[]; readonly node: SVGElement; readonly hue: number };

export const createTopology = (parent: HTMLElement) => {
  const root = svg('svg', { role: 'img', 'aria-label': 'client, proxy, replicas, Redis' });
  const drawing = svg('g');
  const pulses = svg('g', { class: 'pulses' });
  root.append(arrowHead(), drawing, pulses);
  parent.append(root);
  const ways = new Map<string, Way>();
  let drawn = '';

  // Redrawn only when more than a number has changed, because pulses run along the lines.
  const draw = (picture: Picture): void => {
    const texts = picture.replicas.map(replicaText);
    const shape = texts.map(({ title, detail, number }) => [title, detail, number.length]);
    const key = JSON.stringify([parent.clientWidth, shape, { ...picture, replicas: [] }]);
    if (key !== drawn) drawAnew(picture);
    drawn = key;
    for (const { title, number } of texts) {
      const count = ways.get(title)?.node.querySelector('.count');
      if (count) setText(count, number);
    }
  };

  const drawAnew = ({ replicas, redis, redisDown, proxyDown }: Picture): void => {
    const layout = layOut(parent.clientWidth, replicas.length);
    root.setAttribute('viewBox', `0 0 ${layout.width} ${layout.height}`);
    root.setAttribute('height', `${layout.height}`);
    root.setAttribute('aria-label', described(replicas, redisDown));
    const wiring = redis === undefined ? undefined : wiringOf(redis);
    const line = (d: string, unhealthy: boolean) => svg('path', { d, class: `line${unhealthy ? ' unhealthy' : ''}` });
    const toProxy = svg('path', { d: layout.toProxy, class: 'line entry' });
    const lines = replicas.map(({ state }, i) => [
      line(layout.toReplica[i] ?? '', state !== 'healthy'),
      line(layout.toRedis[i] ?? '', state !== 'healthy' || redisDown),
    ]);
    const nodes = replicas.map((replica, i) => node(layout.replicas[i] as Box, replicaText(replica), replica.state, i));
    ways.clear();
    for (const [i, { name }] of replicas.entries()) {
      ways.set(name, { lines: [toProxy, ...(lines[i] ?? [])], node: nodes[i] as SVGElement, hue: i % 8 });
    }
    const endpoint = redis === undefined ? '' : `${redis.host}:${redis.port}`;
    drawing.setAttribute('class', wiring ?? '');
    drawing.replaceChildren(
      ...zones(layout, wiring),
      toProxy,
      ...lines.flat(),
      node(layout.client, { title: 'clients' }),
      node(layout.proxy, { title: 'proxy', detail: location.host }, proxyDown ? 'unhealthy' : 'healthy'),
      ...nodes,
      node(layout.redis, { title: 'Redis', detail: endpoint }, redisDown ? 'unhealthy' : 'healthy'),
    );
  };
  return { draw, pulses, wayOf: (replica: string) => ways.get(replica) };
};

const replicaText = ({ name, address, state, hits }: Replica) => ({
  title: name,
  detail: state === 'healthy' ? (address ?? '') : `${address ?? ''} ${state}`,
  number: hits.toLocaleString('en'),
});

const described = (replicas: readonly Replica[], redisDown: boolean): string => {
  const states = replicas.map(({ name, state }) => `${name} ${state}`).join(', ');
  return `Requests go from clients to the proxy, to the replicas (${states}), and to Redis${redisDown ? ', which is down' : ''}.`;
};

const zones = ({ front, back, width }: Layout, wiring: Wiring | undefined): SVGElement[] => {
  if (wiring === 'networks') {
    const below = back.y > front.y;
    const right = { x: back.x + back.w - 14, y: below ? back.y + back.h - 12 : back.y + 20, 'text-anchor': 'end' };
    return [
      svg('rect', { ...area(front), class: 'zone front' }),
      svg('rect', { ...area(back), class: 'zone back' }),
      label('frontend-network', { x: front.x + 14, y: front.y + 20 }, 'front'),
      label(below || width > 900 ? 'backend-network, internal' : 'backend-network', right, 'back'),
    ];
  }
  const whole = { ...front, w: Math.max(front.w, back.x + back.w - front.x), h: back.y + back.h - front.y };
  const [name, more] =
    wiring === 'links' ? ['default bridge', ': each arrow is a link'] : ['this machine', ': processes on loopback'];
  return [
    svg('rect', { ...area(whole), class: 'zone whole' }),
    label(
      wiring === undefined ? '' : `${name}${back.y > front.y ? '' : more}`,
      { x: front.x + 14, y: front.y + 20 },
      'whole',
    ),
  ];
};

const area = ({ x, y, w, h }: Box) => ({ x, y, width: w, height: h, rx: 14 });

const label = (text: string, place: Readonly<Record<string, string | number>>, kind: string): SVGElement => {
  const element = svg('text', { ...place, class: `zone-name ${kind}` });
  setText(element, text);
  return element;
};

const arrowHead = (): SVGElement => {
  const size = { viewBox: '0 0 10 10', refX: 9, refY: 5, markerWidth: 9, markerHeight: 9, orient: 'auto' };
  const units = { markerUnits: 'userSpaceOnUse' };
  return svg('defs', {}, svg('marker', { id: 'arrow', ...size, ...units }, svg('path', { d: 'M0 0L10 5L0 10z' })));
};
