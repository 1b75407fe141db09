// The table of replicas: state, hits, hits per second now, and the share of the last 10 s, with a mark at the even share.
import { byId, html, setText } from './elements.ts';
import { commonPrefix } from './names.ts';
import type { Recent } from './recent.ts';
import type { Replica, Roster } from './roster.ts';
import { count, percent, short, words } from './words.ts';

const MAX_FORMER = 6;

type View = {
  readonly recent: Recent;
  /** The even share, from 0 to 1, and the share of a full bar. */
  readonly expected: number;
  readonly scale: number;
  /** What all names begin with, which is left out. */
  readonly prefix: string;
  /** Its place among the replicas; undefined of a former one. */
  readonly index: number | undefined;
};

type Row = {
  readonly element: HTMLElement;
  readonly show: (replica: Replica, view: View) => void;
};

/** @param onChoose called with the name of the replica that a person chose */
export const createShares = (onChoose: (replica: string) => void) => {
  const body = byId('replicas');
  const note = byId('expected');
  const table = byId('shares');
  const narrow = matchMedia('(max-width: 30rem)');
  const rows = new Map<string, Row>();
  let order = '';

  return ({ replicas, former, healthy }: Roster, recent: Recent): void => {
    const all = [...replicas, ...former.slice(0, MAX_FORMER)];
    const expected = healthy === 0 ? 0 : 1 / healthy;
    const shares = all.map(({ name }) => recent.of(name).share ?? 0);
    const scale = Math.max(expected * 1.25, ...shares, 0.01);
    // Rows are kept, for a person may just be choosing one.
    const names = all.map(({ name }) => name);
    for (const name of names) if (!rows.has(name)) rows.set(name, createRow(name, onChoose));
    for (const name of rows.keys()) if (!names.includes(name)) rows.delete(name);
    if (order !== JSON.stringify(names))
      body.replaceChildren(...all.map(({ name }) => (rows.get(name) as Row).element));
    order = JSON.stringify(names);
    const many = replicas.length > 6;
    const prefix = many || narrow.matches ? commonPrefix(names) : '';
    table.classList.toggle('many', many);
    for (const [i, replica] of all.entries()) {
      const index = i < replicas.length ? i : undefined;
      rows.get(replica.name)?.show(replica, { recent, expected, scale, prefix, index });
    }
    const more = former.length - MAX_FORMER;
    const sentences = [
      all.length === 0 ? words.noReplicas : '',
      healthy > 0 ? words.evenShare(healthy, percent(expected)) : '',
      prefix === '' ? '' : words.namesBegin(prefix),
      more > 0 ? words.moreFormer(more) : '',
    ];
    setText(note, sentences.filter(Boolean).join(' '));
  };
};

const createRow = (name: string, onChoose: (replica: string) => void): Row => {
  const button = html('button', { type: 'button', class: 'who' }, name);
  button.addEventListener('click', () => onChoose(name));
  const [where, reason] = [html('span', { class: 'where' }), html('span', { class: 'reason' })];
  const [hits, rate] = [html('td', { class: 'number' }), html('td', { class: 'number' })];
  const [share, part, mark] = [
    html('span', { class: 'percent' }),
    html('div', { class: 'part' }),
    html('div', { class: 'mark' }),
  ];
  const element = html(
    'tr',
    { 'data-replica': name },
    html('th', { scope: 'row' }, button, where, reason),
    hits,
    rate,
    html('td', { class: 'share' }, share, html('div', { class: 'bar' }, part, mark)),
  );
  return {
    element,
    show: (replica, { recent, expected, scale, prefix, index }) => {
      const { upstream, state } = replica;
      const now = recent.of(name);
      element.className = `${index === undefined ? '' : `hue-${index % 8}`} ${state}`;
      setText(button, name.slice(prefix.length));
      setText(where, [upstream?.address, words.states[state]].filter(Boolean).join(', '));
      const text =
        state === 'removed' ? (replica.reason ?? words.removedReason) : state === 'unhealthy' ? replica.reason : '';
      setText(reason, text ?? '');
      setText(hits, count(replica.hits));
      setText(rate, now.rate === null ? '–' : short(now.rate));
      setText(share, now.share === null ? '–' : percent(now.share));
      part.style.width = `${(((now.share ?? 0) / scale) * 100).toFixed(1)}%`;
      mark.hidden = state !== 'healthy';
      mark.style.left = `${((expected / scale) * 100).toFixed(1)}%`;
    },
  };
};
