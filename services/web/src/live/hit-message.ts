// The messages of the channel `hits`, as services/web/src/hit.lua publishes them.
import type { LiveHit } from '@container-counter/api/messages';

/** @returns undefined for what somebody else published there */
export const parseHit = (text: string): LiveHit | undefined => {
  const [number, replica, client, requestId = '', attempt = '1', ...more] = text.split(' ');
  if (!/^\d{1,15}$/.test(number ?? '') || !replica || !client || more.length > 0 || text.length > 400) return undefined;
  return { number: Number(number), replica, client, requestId, attempt: Number(attempt) || 1 };
};
