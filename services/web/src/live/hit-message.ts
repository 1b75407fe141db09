// The messages of the channel `hits`, as services/web/src/hit.lua publishes them.
import type { LiveHit } from '@container-counter/api/messages';

/** The hits of a message, one in each line, without what other programs published there. */
export const parseHits = (text: string): LiveHit[] =>
  text.length > MAX_LENGTH
    ? []
    : text
        .split('\n')
        .map(parseHit)
        .filter((hit) => hit !== undefined);

const parseHit = (text: string): LiveHit | undefined => {
  const [number, replica, client, requestId = '', attempt = '1', ...more] = text.split(' ');
  if (!/^\d{1,16}$/.test(number ?? '') || !replica || !client || more.length > 0 || text.length > 400) return undefined;
  return { number: Number(number), replica, client, requestId, attempt: Number(attempt) || 1 };
};

// Of a message: the largest batch (services/web/src/hit-batch.ts) has a hundred lines.
const MAX_LENGTH = 40_000;
