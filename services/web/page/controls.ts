// The buttons: they send hits, play one in slow motion, and pause the page.
import type { Announce } from './announcer.ts';
import { byId, setText } from './elements.ts';
import { type OwnHit, sendHits } from './hits.ts';
import { words } from './words.ts';

export type Controls = {
  readonly announce: Announce;
  readonly onHit: (hit: OwnHit) => void;
  /** Called before the hit for slow motion is sent, and with it. */
  readonly onSlow: () => void;
  readonly play: (hit: OwnHit) => void;
  /** Called with the sentence for a failed hit, and with undefined when it has been shown long enough. */
  readonly onFailure: (sentence: string | undefined) => void;
  readonly onPause: (paused: boolean) => void;
};

const FAILURE_MS = 5000;

export const connectControls = ({ announce, onHit, onSlow, play, onFailure, onPause }: Controls): void => {
  const connect = (id: string, send: () => Promise<string>): void => {
    const button = byId(id);
    button.addEventListener('click', async () => {
      if (button.getAttribute('aria-busy') === 'true') return;
      button.setAttribute('aria-busy', 'true');
      await send().then(announce, ({ message }: Error) => {
        announce(message);
        onFailure(message);
        setTimeout(() => onFailure(undefined), FAILURE_MS);
      });
      button.removeAttribute('aria-busy');
    });
  };
  connect('hit-one', () => sendHits(1, onHit));
  connect('hit-hundred', () => sendHits(100, onHit));
  connect('slow', () => {
    onSlow();
    return sendHits(1, (hit) => {
      onHit(hit);
      play(hit);
    });
  });

  const pause = byId('pause');
  pause.addEventListener('click', () => {
    const paused = pause.dataset['text'] !== 'resume';
    pause.dataset['text'] = paused ? 'resume' : 'pause';
    setText(pause, paused ? words.resume : words.pause);
    onPause(paused);
  });
};
