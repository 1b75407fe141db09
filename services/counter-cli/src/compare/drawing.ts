// Draws a cluster as SVG: networks as frames, containers as boxes, and connections as arrows.
import { escaped } from './html.ts';
import type { Observed, Role } from './observe.ts';
import { reach } from './observe.ts';

type Box = { readonly x: number; readonly y: number; readonly container: Observed };

const WIDTH = 880;
const BOX = { width: 150, height: 58 } as const;
const COLUMNS: Readonly<Record<Role, number>> = { proxy: 150, web: 420, redis: 690 };
const TOP = 60;
const STEP = 86;

/** @param title what the drawing shows, for those who cannot see it */
export const drawing = (containers: readonly Observed[], title: string): string => {
  const boxes = place(containers);
  const height = TOP + STEP * Math.max(...countByRole(containers)) + 60;
  return [
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">`,
    MARKERS,
    ...framesOf(boxes, height).map(frameSvg),
    ...boxes.filter(({ container }) => container.published.length > 0).map(entrySvg),
    ...boxes.flatMap((from) => boxes.map((to) => arrow(from, to, height))),
    ...boxes.map(boxSvg),
    '</svg>',
  ].join('\n');
};

const countByRole = (containers: readonly Observed[]): number[] =>
  Object.keys(COLUMNS).map((role) => containers.filter((container) => container.role === role).length);

const place = (containers: readonly Observed[]): Box[] => {
  const tallest = Math.max(...countByRole(containers));
  return containers.map((container) => {
    const column = containers.filter(({ role }) => role === container.role);
    const y = TOP + STEP * (column.indexOf(container) + (tallest - column.length) / 2);
    return { x: COLUMNS[container.role], y, container };
  });
};

type Frame = { readonly name: string; readonly left: number; readonly right: number; readonly bottom: number };

// A container on two networks stands on the edge of both.
const framesOf = (boxes: readonly Box[], height: number): Frame[] => {
  const networks = [...new Set(boxes.flatMap(({ container }) => Object.keys(container.addresses)))];
  return networks.map((name) => {
    const inside = boxes.filter(({ container }) => name in container.addresses);
    const shared = (x: number) => inside.some((box) => box.x === x && Object.keys(box.container.addresses).length > 1);
    const [first, last] = [Math.min(...inside.map(({ x }) => x)), Math.max(...inside.map(({ x }) => x))];
    const middle = BOX.width / 2;
    return {
      name: name === 'bridge' ? 'bridge, the default' : name,
      left: shared(first) ? first + middle + 6 : first - 24,
      right: shared(last) ? last + middle - 6 : last + BOX.width + 24,
      bottom: height - 12,
    };
  });
};

const frameSvg = ({ name, left, right, bottom }: Frame): string =>
  `<rect class="frame" x="${left}" y="12" width="${right - left}" height="${bottom - 12}" rx="14"/>
<text class="network" x="${left + 14}" y="34">${escaped(name)}</text>`;

const entrySvg = ({ y, container }: Box): string => {
  const at = y + BOX.height / 2;
  return `<path class="path" d="M20 ${at} H${COLUMNS.proxy - 4}"/>
<text class="label" x="20" y="${at - 10}">host</text><text class="label" x="20" y="${at + 20}">:${escaped(parseInt(container.published[0] ?? '', 10).toString())}</text>`;
};

// Solid where the services go by a name; dashed where the proxy could go past the replicas, or could not.
const arrow = (from: Box, to: Box, height: number): string => {
  const { how, path } = reach(from.container, to.container);
  const used = from.container.uses.find((host) =>
    from.container.seen.paths.some((one) => one.host === host && finds(one, to)),
  );
  if (used !== undefined && how === 'name') {
    const [x1, x2] = [from.x + BOX.width, to.x - 4];
    const [y1, y2] = [from.y + BOX.height / 2 + apart(to, from), to.y + BOX.height / 2 + apart(from, to)];
    const label = from.container.role === 'web' ? used : used.replace(/^.*(?=web)/, '');
    const middle = `x="${(x1 + x2) / 2}" y="${(y1 + y2) / 2 - 7}"`;
    return `<path class="path" d="M${x1} ${y1} L${x2} ${y2}"/><text class="label middle" ${middle}>${escaped(label)}</text>`;
  }
  if (from.container.role !== 'proxy' || to.container.role !== 'redis') return '';
  const low = height - 34;
  const [x1, y1, x2, y2] = [from.x + BOX.width / 2, from.y + BOX.height, to.x + BOX.width / 2, to.y + BOX.height + 4];
  const label = how === 'none' ? 'unreachable' : `by address only: ${path?.host ?? ''}`;
  return `<path class="past ${how}" d="M${x1} ${y1} V${low} H${x2} V${y2}"/>
<text class="label middle" x="${(x1 + x2) / 2}" y="${low - 8}">${escaped(label)}</text>`;
};

// Several arrows at one box begin or end beside each other.
const apart = (other: Box, box: Box): number => Math.max(-20, Math.min(20, ((other.y - box.y) / STEP) * 13));

const finds = ({ attempts }: Observed['seen']['paths'][number], { container }: Box): boolean =>
  attempts.some(({ address, failure }) => failure === null && Object.values(container.addresses).includes(address));

const boxSvg = ({ x, y, container }: Box): string => {
  const addresses = Object.values(container.addresses);
  return `<rect class="box ${container.role}" x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="8"/>
<text class="name" x="${x + BOX.width / 2}" y="${y + 24}">${escaped(container.label)}</text>
${addresses.map((address, i) => `<text class="address" x="${x + BOX.width / 2}" y="${y + 40 + i * 13}">${escaped(address)}</text>`).join('')}`;
};

const MARKERS = `<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
<path class="head" d="M0 0 L8 4 L0 8 z"/></marker>
<marker id="cross" viewBox="0 0 10 10" refX="5" refY="5" markerWidth="12" markerHeight="12">
<path class="cross" d="M1 1 L9 9 M9 1 L1 9"/></marker></defs>`;
