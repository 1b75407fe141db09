// The details of a replica that was chosen, with commands to copy.
import type { RedisEndpoint } from '@container-counter/api/messages';
import { commandsFor } from './commands.ts';
import { command } from './copy.ts';
import { byId, html, setText } from './elements.ts';
import type { OwnHit } from './hits.ts';
import type { Replica } from './roster.ts';
import { wiringOf } from './wiring.ts';
import { count, timeOf, words } from './words.ts';

export const createDetails = () => {
  const dialog = byId('details') as HTMLDialogElement;
  const facts = byId('facts');
  const lastHits = new Map<string, OwnHit>();
  let chosen: string | undefined;

  byId('details-close').addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => {
    chosen = undefined;
  });

  /** Brings what is shown up to date. */
  const show = (replicas: readonly Replica[]): void => {
    const replica = replicas.find(({ name }) => name === chosen);
    if (replica === undefined) return;
    const { upstream, state, reason } = replica;
    const headers = lastHits
      .get(replica.name)
      ?.headers.map((pair) => pair.join(': '))
      .join('\n');
    const since = upstream === undefined ? '' : `, ${words.sinceTime(timeOf(upstream.since))}`;
    const rows: readonly (readonly [string, string])[] = [
      [words.state, `${words.states[state]}${since}`],
      ...(reason === undefined ? [] : [['', reason] as const]),
      [words.address, upstream?.address ?? '–'],
      [words.hits, count(replica.hits)],
      [words.served, upstream === undefined ? '–' : count(upstream.served)],
      [words.failures, upstream === undefined ? '–' : count(upstream.failed)],
      [words.lastHeaders, headers ?? words.noHeaders],
    ];
    const texts = rows.flat();
    if (facts.children.length !== texts.length) {
      facts.replaceChildren(...rows.flatMap(() => [html('dt'), html('dd')]));
    }
    for (const [i, text] of texts.entries()) setText(facts.children[i] as Element, text);
  };

  return {
    show,
    remember: (hit: OwnHit): void => {
      lastHits.set(hit.replica, hit);
    },
    open: (replica: Replica, redis: RedisEndpoint | undefined): void => {
      chosen = replica.name;
      setText(byId('details-title'), replica.name);
      const all = redis === undefined ? [] : commandsFor(wiringOf(redis), replica.name, redis.host);
      byId('commands').replaceChildren(...all.map(([what, text]) => html('li', {}, `${what}:`, command(text))));
      show([replica]);
      dialog.showModal();
    },
  };
};
