// Runs every case against the proxy, and against nginx and HAProxy where they are on the machine.
import type { Cleanup } from '@container-counter/testing/ends';
import { TOPICS } from '../cases/all.ts';
import type { Case } from './case.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { startHaproxy, startNginx, startOurs, versionOf } from './servers.ts';

export type Row = {
  readonly topic: string;
  readonly tried: Case;
  readonly ours: Outcome;
  /** Undefined where it is not on this machine. */
  readonly nginx: Outcome | undefined;
  readonly haproxy: Outcome | undefined;
};

/** One case after the other, on all servers at once. */
export const runCases = async (t: Cleanup): Promise<Row[]> => {
  const [ours, nginx, haproxy] = await Promise.all([
    startOurs(t),
    versionOf('nginx') && startNginx(t),
    versionOf('haproxy') && startHaproxy(t),
  ]);
  const rows: Row[] = [];
  for (const [topic, cases] of Object.entries(TOPICS)) {
    for (const tried of cases) {
      const [a, b, c] = await Promise.all([
        outcomeOf(tried, ours),
        nginx ? outcomeOf(tried, nginx) : undefined,
        haproxy ? outcomeOf(tried, haproxy) : undefined,
      ]);
      rows.push({ topic, tried, ours: a, nginx: b, haproxy: c });
    }
  }
  return rows;
};

/** Whether the proxy passed on more requests than either of the others; undefined when one of them is missing. */
export const isLaxer = ({ ours, nginx, haproxy }: Row): boolean | undefined =>
  nginx && haproxy && ours.seen.length > Math.max(nginx.seen.length, haproxy.seen.length);
