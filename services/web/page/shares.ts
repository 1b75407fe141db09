// The table of replicas: state, address, hits, and share, with a mark at the even share.
import { byId, html, setText } from './elements.ts';
import type { Replica, Roster } from './roster.ts';

const MAX_FORMER = 12;

export const createShares = () => {
  const body = byId('replicas');
  const note = byId('expected');
  let shown = '';

  return ({ replicas, former }: Roster): void => {
    const key = JSON.stringify([replicas, former]);
    if (key === shown) return;
    shown = key;
    const all = [...replicas, ...former.slice(0, MAX_FORMER)];
    const expected = replicas.length === 0 ? 0 : 1 / replicas.length;
    const scale = Math.max(expected * 1.25, ...all.map(({ share }) => share), 0.01);
    body.replaceChildren(
      ...all.flatMap((replica, i) => rows(replica, i < replicas.length ? i : undefined, expected, scale)),
    );
    const more = former.length - MAX_FORMER;
    const rest = more > 0 ? ` ${more} more that are no longer running are not shown.` : '';
    setText(note, expected === 0 ? rest : `The mark is an even share: ${percent(expected)} each.${rest}`);
  };
};

const rows = (replica: Replica, index: number | undefined, expected: number, scale: number): HTMLElement[] => {
  const { name, address, state, reason, hits, share } = replica;
  const hue = index === undefined ? 'former' : `hue-${index % 8}`;
  const words = index === undefined ? 'no longer running' : [address, state].filter(Boolean).join(', ');
  const who = html(
    'th',
    { scope: 'row' },
    html('span', { class: 'who' }, name),
    html('span', { class: 'where' }, words),
  );
  const bar = html('div', { class: 'bar' });
  const part = html('div', { class: 'part' });
  part.style.width = `${(share / scale) * 100}%`;
  bar.append(part);
  if (index !== undefined && expected > 0) {
    const mark = html('div', { class: 'mark' });
    mark.style.left = `${(expected / scale) * 100}%`;
    bar.append(mark);
  }
  const main = html(
    'tr',
    { class: `${hue} ${state}`, 'data-replica': name },
    who,
    html('td', { class: 'number' }, hits.toLocaleString('en')),
    html('td', { class: 'share' }, html('span', { class: 'percent' }, percent(share)), bar),
  );
  return reason === undefined ? [main] : [main, html('tr', {}, html('td', { class: 'reason', colspan: 3 }, reason))];
};

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
