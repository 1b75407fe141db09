// Sends hits, and shows the results.
import { byId, setText } from './elements.ts';
import { exact, short, words } from './words.ts';

/** A hit that this page has sent and that was counted. */
export type OwnHit = {
  readonly number: number;
  readonly replica: string;
  readonly attempts: number;
  readonly ms: number;
  /** What the proxy and the replica wrote into the headers of the response. */
  readonly headers: readonly (readonly [name: string, value: string])[];
};

const SENDERS = 4; // at a time, like several clients
const HEADERS = ['X-Served-By', 'X-Upstream', 'X-Attempts', 'X-Request-Id'];

const hit = async (): Promise<OwnHit> => {
  const start = performance.now();
  const response = await fetch('/', { headers: { accept: 'application/json' }, cache: 'no-store' }).catch(() => {
    throw new Error(words.proxySilent);
  });
  const ms = performance.now() - start;
  const body = await response.json().catch(() => ({ detail: `${response.status} ${response.statusText}` }));
  if (!response.ok) throw new Error(String(body.detail));
  return {
    number: Number(body.requests),
    replica: String(body.servedBy),
    attempts: Number(response.headers.get('X-Attempts') ?? 1),
    ms,
    headers: HEADERS.map((name) => [name, response.headers.get(name) ?? '–'] as const),
  };
};

/** Sends `all` hits, and shows the progress and the results. @param onHit called with each */
export const sendHits = async (all: number, onHit: (hit: OwnHit) => void): Promise<string> => {
  const line = byId('last-hit');
  const replicas = new Map<string, number>();
  let [left, done] = [all, 0];
  let last: OwnHit | undefined;
  const sender = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      last = await hit();
      done += 1;
      replicas.set(last.replica, (replicas.get(last.replica) ?? 0) + 1);
      onHit(last);
      if (all > 1) setText(line, words.progress(done, all));
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(all, SENDERS) }, sender));
    const parts = [...replicas].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
    const sentence =
      all === 1 && last !== undefined
        ? sentenceOf(last)
        : words.wereCounted(all, parts.map((part) => part.join(' ')).join(', '));
    setText(line, sentence);
    return sentence;
  } catch (error) {
    left = 0;
    setText(line, (error as Error).message);
    throw error;
  }
};

const sentenceOf = ({ number, replica, attempts, ms }: OwnHit): string =>
  words.wasCounted(exact(number), replica, attempts, short(ms));
