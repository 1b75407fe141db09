// The current problems, one for each cause: what follows from another one is not repeated.
import { byId, html } from './elements.ts';
import { isAboutRedis, type Replica } from './roster.ts';
import { timeOf, words } from './words.ts';

export type Trouble = {
  /** When the proxy stopped responding, in milliseconds since the epoch. */
  readonly proxyDownSince: number | undefined;
  readonly redisFailure: string | undefined;
  readonly replicas: readonly Replica[];
  readonly feedLost: boolean;
  /** Why the last hit from this page failed. */
  readonly hitFailure: string | undefined;
};

export const faultsOf = ({ proxyDownSince, redisFailure, replicas, feedLost, hitFailure }: Trouble): string[] => {
  if (proxyDownSince !== undefined) return [words.proxyDown(location.host, timeOf(proxyDownSince))];
  if (redisFailure !== undefined) return [redisFailure];
  const reasons = replicas.map(({ name, reason }) => `${name}: ${reason ?? words.removedReason}`);
  const none = replicas.length > 0 && replicas.every(({ state }) => state === 'unhealthy' || state === 'removed');
  if (none) return [[words.noneHealthy, ...reasons].join(' ')];
  return [hitFailure, feedLost ? words.reconnecting : undefined].filter((text) => text !== undefined);
};

/** Why Redis is not reached: by the feed, and without one by the replicas, if all of them say so. */
export const redisFailureOf = (
  feed: { readonly failure?: string } | undefined,
  replicas: readonly Replica[],
): string | undefined => {
  if (feed !== undefined) return feed.failure;
  const known = replicas.filter(({ state }) => state !== 'removed');
  return known.length > 0 && known.every(({ reason }) => isAboutRedis(reason)) ? known[0]?.reason : undefined;
};

export const createFaults = () => {
  const list = byId('faults');
  let shown = '';
  return (sentences: readonly string[]): void => {
    const key = sentences.join('\n');
    if (key === shown) return;
    shown = key;
    list.replaceChildren(...sentences.map((sentence) => html('li', {}, sentence)));
  };
};
