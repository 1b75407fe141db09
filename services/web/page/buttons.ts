// The buttons: send one hit, send a hundred, pause what moves.
import type { Announce } from './announcer.ts';
import { byId } from './elements.ts';

/** @param onFailure called with the reason when a hit fails */
export const connectButtons = (
  announce: Announce,
  onFailure: (sentence: string) => void,
  onPause: (yes: boolean) => void,
) => {
  const sends = (id: string, count: number): void => {
    const button = byId(id) as HTMLButtonElement;
    button.addEventListener('click', async () => {
      button.setAttribute('aria-busy', 'true');
      announce(
        await send(count).catch(({ message }: Error) => {
          onFailure(message);
          return message;
        }),
      );
      button.removeAttribute('aria-busy');
    });
  };
  sends('hit-one', 1);
  sends('hit-hundred', 100);

  const pause = byId('pause');
  pause.addEventListener('click', () => {
    const paused = pause.getAttribute('aria-pressed') !== 'true';
    pause.setAttribute('aria-pressed', `${paused}`);
    onPause(paused);
  });
};

// A few at a time, like several clients.
const send = async (count: number): Promise<string> => {
  let left = count;
  let last = { requests: 0, servedBy: '' };
  const sender = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      last = await hit();
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, 4) }, sender));
  return count === 1 ? `Hit ${last.requests}, served by ${last.servedBy}.` : `${count} hits were counted.`;
};

const hit = async (): Promise<{ requests: number; servedBy: string }> => {
  const response = await fetch('/', { headers: { accept: 'application/json' }, cache: 'no-store' }).catch(() => {
    throw new Error('The hit failed: the proxy does not respond.');
  });
  const body = await response.json();
  if (!response.ok) throw new Error(String(body.detail));
  return body;
};
