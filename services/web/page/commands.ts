// Commands about a replica that a person may want to run, in the wiring that they have.
import type { Wiring } from './wiring.ts';
import { words } from './words.ts';

type Command = readonly [what: string, command: string];

const LINKS = 'docker compose -f docker-compose.links.yml';

export const hitCommand = (): string => `curl ${location.origin}/`;

/** @param redis the name by which replicas know Redis */
export const commandsFor = (wiring: Wiring, replica: string, redis: string): readonly Command[] => {
  const send: Command = [words.sendWithId, `curl -H 'X-Request-Id: my-hit' ${location.origin}/`];
  if (wiring === 'local') return [send, [words.whereItRuns, 'counter status']];
  const inLinks = wiring === 'links';
  const on = (verb: string, more = '') =>
    inLinks ? `${LINKS} ${verb} ${replica}${more}` : `docker ${verb} ${replica}${more}`;
  return [
    send,
    [words.findItsLog, on('logs', ' | grep my-hit')],
    [words.itsAddresses, `counter inspect --from ${replica}`],
    [words.whyRedis, `counter why ${redis} --from ${replica}`],
    [words.killIt, on('kill')],
    [words.startIt, on('start')],
  ];
};

/** How to find a hit in the logs; undefined where a terminal shows them. */
export const logCommand = (wiring: Wiring): string | undefined =>
  ({ networks: 'docker compose logs | grep ID', links: `${LINKS} logs | grep ID`, local: undefined })[wiring];
