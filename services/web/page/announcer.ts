// Announces changes to screen readers, at most a few sentences every two seconds.
import { byId } from './elements.ts';

const EVERY_MS = 2000;
const MAX_SENTENCES = 3;

export const createAnnouncer = () => {
  const region = byId('announcer');
  const waiting: string[] = [];
  let timer = 0;

  const speak = (): void => {
    timer = 0;
    if (waiting.length === 0) return;
    region.textContent = waiting.splice(0).slice(-MAX_SENTENCES).join(' ');
    timer = setTimeout(speak, EVERY_MS);
  };

  return (sentence: string): void => {
    if (waiting.at(-1) !== sentence) waiting.push(sentence);
    if (timer === 0) timer = setTimeout(speak, 100);
  };
};

export type Announce = ReturnType<typeof createAnnouncer>;
