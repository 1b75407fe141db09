// What happened: replicas that appear or change state, Redis, the proxy, the feed and retries; announced to screen readers too.
import type { Announce } from './announcer.ts';
import { byId, html } from './elements.ts';
import type { Replica } from './roster.ts';
import { timeOf, words } from './words.ts';

/** `bad` for what broke, `good` for what recovered. */
export type Happening = { readonly at: number; readonly kind: 'bad' | 'good' | 'info'; readonly text: string };

export type State = {
  readonly replicas: readonly Replica[];
  readonly redisFailure: string | undefined;
  readonly proxyDown: boolean;
  /** The replica that the feed comes from, while it is connected. */
  readonly feed: string | undefined;
  readonly requests: number;
};

const MAX_EVENTS = 50;
const REDIS_TROUBLE_MS = 5000; // until the replicas have recovered after Redis

/** @param announce says it to screen readers @param onEvent called with all of them, oldest first */
export const createEvents = (announce: Announce, onEvent: (all: readonly Happening[]) => void) => {
  const list = byId('events');
  let all: Happening[] = [];

  const add = (kind: Happening['kind'], text: string, quietly = false): void => {
    all = [...all, { at: Date.now(), kind, text }].slice(-MAX_EVENTS);
    list.prepend(item(all.at(-1) as Happening));
    while (list.children.length > MAX_EVENTS) list.lastElementChild?.remove();
    if (!quietly) announce(text);
    onEvent(all);
  };

  let before: State | undefined;
  let fedBy: string | undefined;
  let redisFailedAt = 0;

  const compareReplica = ({ name, state, reason }: Replica, last: Replica | undefined): void => {
    if (last === undefined) return add('good', words.isNew(name));
    if (last.state === state || NOT_REPORTED.has(last.state) || NOT_REPORTED.has(state)) return;
    // The cause that all of them share has been reported.
    const waits = state === 'waiting' || last.state === 'waiting';
    if (waits && Date.now() - redisFailedAt < REDIS_TROUBLE_MS) return;
    add(KINDS[state] ?? 'info', words.isNow(name, words.states[state], reason ?? ''));
  };

  /** Compares with the state before. */
  const compare = (now: State): void => {
    const last = before;
    before = now;
    if (last === undefined) return;
    if (now.proxyDown !== last.proxyDown)
      add(now.proxyDown ? 'bad' : 'good', now.proxyDown ? words.proxyLost : words.proxyRecovered);
    if (now.redisFailure !== undefined) redisFailedAt = Date.now();
    if (now.redisFailure !== undefined && last.redisFailure === undefined) add('bad', now.redisFailure);
    if (now.redisFailure === undefined && last.redisFailure !== undefined) add('good', words.redisRecovered);
    for (const replica of last.replicas.length === 0 ? [] : now.replicas) {
      compareReplica(
        replica,
        last.replicas.find(({ name }) => name === replica.name),
      );
    }
    if (now.feed !== undefined && now.feed !== fedBy) {
      if (fedBy !== undefined) add('info', words.feedConnected(now.feed));
      fedBy = now.feed;
    }
    if (now.requests < last.requests) add('info', words.wasReset);
  };

  return { add, compare };
};

// Nothing has happened to a replica because its state was not known.
const NOT_REPORTED: ReadonlySet<Replica['state']> = new Set(['unknown', 'checking']);

const KINDS: Readonly<Partial<Record<Replica['state'], Happening['kind']>>> = {
  healthy: 'good',
  unhealthy: 'bad',
  removed: 'bad',
  waiting: 'bad',
};

const item = ({ at, kind, text }: Happening): HTMLElement =>
  html('li', { class: kind }, html('time', {}, timeOf(at)), html('span', {}, text));
