// One node of the picture: a box with its name, a line of detail, and a number.
import { setText, svg } from './elements.ts';
import type { Box } from './layout.ts';

export type NodeText = { readonly title: string; readonly detail?: string; readonly number?: string };

export const node = ({ x, y, w, h }: Box, { title, detail = '' }: NodeText, state: string): SVGElement =>
  svg(
    'g',
    { class: `node ${state}` },
    svg('rect', { x, y, width: w, height: h, rx: 10 }),
    ...lines({ title, detail }, { x: x + w / 2, 'text-anchor': 'middle' }, y + h / 2, w - 16),
  );

/**
 * A replica, which can be chosen.
 * @param hue which of the colours of replicas it has
 */
export const replicaNode = (box: Box, text: NodeText, state: string, hue: number): SVGElement => {
  const { x, y, w, h } = box;
  const { number = '' } = text;
  const tight = h < 50;
  const room = w - (tight ? 30 : 44) - number.length * (tight ? SMALL_DIGIT : DIGIT);
  return svg(
    'g',
    {
      class: `node replica ${state} hue-${hue}${tight ? ' tight' : ''}`,
      tabindex: 0,
      role: 'button',
      'aria-haspopup': 'dialog',
    },
    svg('rect', { x, y, width: w, height: h, rx: tight ? 7 : 10 }),
    svg('circle', { cx: x + (tight ? 12 : 17), cy: y + h / 2, r: tight ? 4 : 5, class: 'dot' }),
    ...lines(text, { x: x + (tight ? 22 : 30) }, y + h / 2, room),
    line(number, { x: x + w - (tight ? 8 : 14), y: y + h / 2 + (tight ? 5 : 7), 'text-anchor': 'end', class: 'count' }),
  );
};

const lines = (
  { title, detail = '' }: NodeText,
  at: Readonly<Record<string, string | number>>,
  middle: number,
  room: number,
) => {
  const [first, second] = detail === '' ? [middle + 5] : [middle - 4, middle + 15];
  const name = line(fit(title, room, TITLE), { ...at, y: first ?? 0, class: 'name' });
  return second === undefined ? [name] : [name, line(fit(detail, room, DETAIL), { ...at, y: second, class: 'detail' })];
};

// The widths in pixels of one character, in the sizes of topology.css and in a wide font.
const TITLE = 9.3;
const DETAIL = 7.4;
const DIGIT = 13.5;
const SMALL_DIGIT = 9.5;

// Names differ at the end: container-counter-web-1. Half a word before it says nothing.
const fit = (text: string, room: number, width: number): string => {
  const most = Math.max(3, Math.floor(room / width));
  if (text.length <= most) return text;
  const end = text.slice(1 - most);
  return `…${/^[^-_ ]*[-_ ](.{4,})$/.exec(end)?.[1] ?? end.replace(/^[-_ ]/, '')}`;
};

const line = (text: string, attributes: Readonly<Record<string, string | number>>): SVGElement => {
  const element = svg('text', attributes);
  setText(element, text);
  return element;
};
