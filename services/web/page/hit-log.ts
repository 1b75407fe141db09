// The table of the last hits, newest first; it moves a few times a second at most.
import type { LiveHit } from '@container-counter/api/messages';
import { hitCommand } from './commands.ts';
import { command } from './copy.ts';
import { byId, html } from './elements.ts';
import { exact, words } from './words.ts';

const ROWS = 12;
const EVERY_MS = 250;

export const createHitLog = () => {
  const body = byId('hits');
  let last: LiveHit[] = [];
  let timer = 0;
  let paused = false;

  const draw = (): void => {
    timer = 0;
    if (paused) return;
    body.replaceChildren(...(last.length === 0 ? [empty()] : last.map(row)));
  };
  draw();

  return {
    add: (hits: readonly LiveHit[]): void => {
      if (hits.length === 0) return;
      last = [...hits.toReversed(), ...last].slice(0, ROWS);
      if (timer === 0) timer = setTimeout(draw, EVERY_MS);
    },
    pause: (yes: boolean): void => {
      paused = yes;
      draw();
    },
    draw,
  };
};

const empty = (): HTMLElement =>
  html('tr', {}, html('td', { colspan: 5, class: 'empty' }, words.noHits, command(hitCommand())));

const row = ({ number, replica, attempt, client, requestId }: LiveHit): HTMLElement =>
  html(
    'tr',
    {},
    html('td', { class: 'number' }, exact(number)),
    html('td', {}, replica),
    html('td', { class: 'number' }, `${attempt}`),
    html('td', { class: 'mono' }, client),
    html('td', { class: 'mono' }, requestId),
  );
