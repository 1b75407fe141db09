// Draws the cluster: zones, nodes, and the lines that requests take.
import type { RedisEndpoint } from '@container-counter/api/messages';
import { setText, svg } from './elements.ts';
import { type Box, type Layout, layOut, type Point } from './layout.ts';
import { commonPrefix } from './names.ts';
import { node, replicaNode } from './node.ts';
import type { Recent } from './recent.ts';
import type { Replica } from './roster.ts';
import { type Track, trackOf } from './track.ts';
import { type Wiring, wiringOf } from './wiring.ts';
import { count, short, words } from './words.ts';

export type Picture = {
  readonly replicas: readonly Replica[];
  readonly redis: RedisEndpoint | undefined;
  readonly redisDown: boolean;
  readonly proxyDown: boolean;
  /** How much larger than on a small screen; the texts grow with it. */
  readonly scale: number;
};

/** The path of one hit: its lines to the proxy, to the replica and to Redis, and the nodes at their ends. */
export type HitPath = {
  readonly lines: readonly [SVGPathElement, SVGPathElement, SVGPathElement];
  readonly nodes: readonly [SVGElement, SVGElement, SVGElement];
  /** All of it, from the client to Redis. */
  readonly track: () => Track;
  readonly hue: number;
};

const BUSY = 30; // hits per second: more cannot be followed one by one

/** @param onChoose called with the name of the replica that a person chose */
export const createTopology = (parent: HTMLElement, onChoose: (replica: string) => void) => {
  const root = svg('svg', { role: 'group' });
  const [below, pulses, above, marker] = [svg('g'), svg('g'), svg('g'), svg('g')];
  root.append(arrowHead(), below, pulses, above, marker);
  parent.append(root);
  const paths = new Map<string, HitPath>();
  let entry = svg('path');
  let labels: SVGElement[] = [];
  let drawn = '';

  const choose = ({ target }: Event): void => {
    const name = target instanceof Element && target.closest('[data-replica]')?.getAttribute('data-replica');
    if (name) onChoose(name);
  };
  root.addEventListener('click', choose);
  root.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    choose(event);
  });

  // Redrawn only when more than a number has changed, because pulses run along the lines.
  const draw = (picture: Picture): void => {
    const { redis, redisDown, proxyDown, scale } = picture;
    const shape = picture.replicas.map(({ name, state, upstream, hits }) => [
      name,
      state,
      upstream?.address,
      count(hits).length,
    ]);
    const key = JSON.stringify([parent.clientWidth, shape, redis, redisDown, proxyDown, scale, words.locale]);
    if (key !== drawn) redraw(picture);
    drawn = key;
    for (const { name, hits } of picture.replicas) {
      const number = paths.get(name)?.nodes[1].querySelector('.count');
      if (number) setText(number, count(hits));
    }
  };

  const redraw = ({ replicas, redis, redisDown, proxyDown, scale }: Picture): void => {
    const focused = document.activeElement?.closest('svg [data-replica]')?.getAttribute('data-replica');
    const layout = layOut(parent.clientWidth / scale, replicas.length);
    root.setAttribute('viewBox', `0 0 ${layout.width} ${layout.height}`);
    root.setAttribute('height', `${layout.height * scale}`);
    root.setAttribute('aria-label', described(replicas, redisDown));
    const prefix = layout.compact ? commonPrefix(replicas.map(({ name }) => name)) : '';
    const wiring = redis === undefined ? undefined : wiringOf(redis);
    const line = (d: string, broken: boolean) => svg('path', { d, class: `line${broken ? ' broken' : ''}` });
    entry = svg('path', { d: layout.toProxy, class: `line entry${proxyDown ? ' broken' : ''}` });
    const endpoint = redis === undefined ? '' : `${redis.host}:${redis.port}`;
    const proxy = node(
      layout.proxy,
      { title: words.proxy, detail: location.host },
      proxyDown ? 'unhealthy' : 'healthy',
    );
    const store = node(layout.redis, { title: 'Redis', detail: endpoint }, stateOfRedis(redisDown, proxyDown));
    paths.clear();
    for (const [i, replica] of replicas.entries()) {
      const { name, state } = replica;
      const text = layout.compact ? { title: shortText(replica, prefix) } : { title: name, detail: detailOf(replica) };
      const own = replicaNode(layout.replicas[i] as Box, { ...text, number: count(replica.hits) }, state, i % 8);
      own.setAttribute('data-replica', name);
      const [to, on] = [state !== 'healthy' && state !== 'waiting', state !== 'healthy' || redisDown];
      const lines: HitPath['lines'] = [entry, line(layout.toReplica[i] ?? '', to), line(layout.toRedis[i] ?? '', on)];
      let track: Track | undefined;
      paths.set(name, {
        ...{ lines, nodes: [proxy, own, store], hue: i % 8 },
        track: () => {
          track ??= trackOf(lines);
          return track;
        },
      });
    }
    below.setAttribute('class', wiring ?? '');
    labels = layout.rates.map(({ x, y }) => svg('text', { x, y, 'text-anchor': 'middle', class: 'flow' }));
    const all = [...paths.values()];
    below.replaceChildren(...zones(layout, wiring, prefix), entry, ...all.flatMap(({ lines }) => lines.slice(1)));
    above.replaceChildren(
      node(layout.client, { title: words.clients }, 'healthy'),
      proxy,
      ...all.map(({ nodes }) => nodes[1]),
      store,
      ...labels,
    );
    if (focused) all.find(({ nodes }) => nodes[1].getAttribute('data-replica') === focused)?.nodes[1].focus();
  };

  /** Shows many hits as a flow, whose lines are thicker where more of them go. @returns whether there are many */
  const flow = (recent: Recent): boolean => {
    const total = recent.rate ?? 0;
    const busy = total > BUSY;
    root.classList.toggle('busy', busy);
    const thick = (path: SVGPathElement, rate: number) => {
      path.style.strokeWidth = busy ? `${(1.75 + (10 * rate) / total).toFixed(1)}px` : '';
    };
    const rates = [total, ...[...paths.keys()].map((name) => recent.of(name).rate ?? 0)];
    for (const [i, { lines }] of [...paths.values()].entries()) {
      for (const path of lines.slice(1)) thick(path, rates[i + 1] ?? 0);
    }
    thick(entry, total);
    for (const [i, label] of labels.entries()) setText(label, busy ? `${short(rates[i] ?? 0)}/s` : '');
    return busy;
  };

  return { draw, flow, pulses, marker, pathOf: (replica: string) => paths.get(replica) };
};

const detailOf = ({ upstream, state }: Replica): string => {
  const address = upstream?.address ?? '';
  return state === 'healthy' ? address : `${words.states[state]} ${address}`;
};

const shortText = ({ name, state }: Replica, prefix: string): string => {
  const rest = name.slice(prefix.length);
  return state === 'healthy' ? rest : `${rest} ${words.states[state]}`;
};

const stateOfRedis = (redisDown: boolean, proxyDown: boolean): string =>
  proxyDown ? 'unknown' : redisDown ? 'unhealthy' : 'healthy';

const described = (replicas: readonly Replica[], redisDown: boolean): string =>
  words.picture(
    replicas.map(({ name, state }) => `${name} ${words.states[state]}`).join(', '),
    redisDown ? words.redisIsDown : '',
  );

const zones = ({ front, back, both, width }: Layout, wiring: Wiring | undefined, prefix: string): SVGElement[] => {
  const below = back.y > front.y;
  const [start, first] = [front.x + 14, front.y + 20];
  const names = prefix === '' ? [] : [label(`${prefix}…`, { x: both.x, y: below ? back.y + 15 : both.y + 17 }, 'both')];
  if (wiring === 'networks') {
    const right = { x: back.x + back.w - 14, y: below ? back.y + back.h - 12 : back.y + 20 };
    return [
      svg('rect', { ...area(front), class: 'zone front' }),
      svg('rect', { ...area(back), class: 'zone back' }),
      label(words.frontend, { x: start, y: first }, 'front'),
      label(words.backend + (below || width > 900 ? words.internal : ''), right, 'back'),
      label(words.bothNetworks, both, 'both'),
      ...names,
    ];
  }
  const whole = { ...front, w: Math.max(front.w, back.x + back.w - front.x), h: back.y + back.h - front.y };
  const [name, more] =
    wiring === 'links' ? [words.defaultBridge, words.eachArrow] : [words.thisMachine, words.onLoopback];
  const text = wiring === undefined ? '' : `${name}${below ? '' : more}`;
  return [svg('rect', { ...area(whole), class: 'zone whole' }), label(text, { x: start, y: first }, 'whole'), ...names];
};

const area = ({ x, y, w, h }: Box) => ({ x, y, width: w, height: h, rx: 14 });

const label = (text: string, { x, y }: Point, kind: string): SVGElement => {
  const element = svg('text', { x, y, class: `zone-name ${kind}` });
  setText(element, text);
  return element;
};

const arrowHead = (): SVGElement => {
  const size = { viewBox: '0 0 10 10', refX: 9, refY: 5, markerWidth: 9, markerHeight: 9, orient: 'auto' };
  const units = { markerUnits: 'userSpaceOnUse' };
  return svg('defs', {}, svg('marker', { id: 'arrow', ...size, ...units }, svg('path', { d: 'M0 0L10 5L0 10z' })));
};
