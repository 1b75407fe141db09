// One node of the picture: a box with its name, a line of detail, and a number.
import { setText, svg } from './elements.ts';
import type { Box } from './layout.ts';

export type NodeText = { readonly title: string; readonly detail?: string; readonly number?: string };

/** @param hue which of the colours of replicas it has; none for what is no replica */
export const node = (box: Box, text: NodeText, state = 'healthy', hue?: number): SVGElement => {
  const { x, y, w, h } = box;
  const { title, detail = '', number = '' } = text;
  const group = svg('g', { class: `node ${state}${hue === undefined ? '' : ` replica hue-${hue % 8}`}` });
  if (hue !== undefined) group.setAttribute('data-replica', title);
  group.append(svg('title', {}, [title, state === 'healthy' ? '' : state, detail].filter(Boolean).join(', ')));
  group.append(svg('rect', { x, y, width: w, height: h, rx: 10 }));
  const inset = hue === undefined ? 0 : 16;
  if (inset > 0) group.append(svg('circle', { cx: x + 17, cy: y + h / 2, r: 5, class: 'dot' }));
  const left = hue === undefined ? { x: x + w / 2, 'text-anchor': 'middle' } : { x: x + 14 + inset };
  const room = w - (hue === undefined ? 16 : 44) - number.length * DIGIT;
  const lines = detail === '' ? [y + h / 2 + 5] : [y + h / 2 - 4, y + h / 2 + 15];
  group.append(line(fit(title, room, TITLE), { ...left, y: lines[0] ?? 0, class: 'name' }));
  if (detail !== '') group.append(line(fit(detail, room, DETAIL), { ...left, y: lines[1] ?? 0, class: 'detail' }));
  if (number !== '')
    group.append(line(number, { x: x + w - 14, y: y + h / 2 + 7, 'text-anchor': 'end', class: 'count' }));
  return group;
};

// The widths in pixels of one character, in the sizes of topology.css and in a wide font.
const TITLE = 9.3;
const DETAIL = 7.4;
const DIGIT = 13.5;

// Names differ at the end: container-counter-web-1.
const fit = (text: string, room: number, width: number): string => {
  const most = Math.max(3, Math.floor(room / width));
  return text.length <= most ? text : `…${text.slice(1 - most)}`;
};

const line = (text: string, attributes: Readonly<Record<string, string | number>>): SVGElement => {
  const element = svg('text', attributes);
  setText(element, text);
  return element;
};
