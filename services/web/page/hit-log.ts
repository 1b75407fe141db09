// The table of the last hits, newest first; it moves a few times a second at most.
import type { LiveHit } from '@container-counter/api/messages';
import { byId, html } from './elements.ts';

const ROWS = 12;
const EVERY_MS = 250;

export const createHitLog = () => {
  const body = byId('hits');
  let last: LiveHit[] = [];
  let timer = 0;
  let paused = false;

  const draw = (): void => {
    timer = 0;
    if (!paused) body.replaceChildren(...last.map(row));
  };

  return {
    add: (hits: readonly LiveHit[]): void => {
      last = [...hits.toReversed(), ...last].slice(0, ROWS);
      if (timer === 0) timer = setTimeout(draw, EVERY_MS);
    },
    pause: (yes: boolean): void => {
      paused = yes;
      draw();
    },
  };
};

const row = ({ number, replica, attempt, client, requestId }: LiveHit): HTMLElement =>
  html(
    'tr',
    {},
    html('td', { class: 'number' }, number.toLocaleString('en')),
    html('td', {}, replica),
    html('td', { class: 'number' }, `${attempt}`),
    html('td', { class: 'mono' }, client),
    html('td', { class: 'mono' }, requestId),
  );
