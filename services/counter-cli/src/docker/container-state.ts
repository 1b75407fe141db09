// Explains from Docker's state why a container does not respond: a restart loop, an exit, or a pause.
import { type FailureKind, Unreachable } from '@container-counter/network/failure-kind';
import type { Remedy } from '@container-counter/why/remedies';
import { plural } from '../text.ts';
import type { Docker } from './docker.ts';
import { type Inspected, nameOf } from './inspect.ts';

export type Trouble = { readonly error: Unreachable; readonly remedies: readonly Remedy[] };

/** @returns undefined for one that runs, as far as Docker knows */
export const troubleOf = async (docker: Docker, container: Inspected): Promise<Trouble | undefined> => {
  const { State, RestartCount } = container;
  const name = nameOf(container);
  const trouble = (kind: FailureKind, detail: string, ...remedies: Remedy[]): Trouble => ({
    error: new Unreachable(kind, { detail }),
    remedies,
  });
  const logs = { does: 'shows its last log lines', command: `docker logs --tail 20 ${name}` };
  if (State.Paused) {
    return trouble('paused', `The container ${name} was paused with docker pause.`, {
      does: 'resumes it',
      command: `docker unpause ${name}`,
    });
  }
  if (State.Restarting || (State.Running && RestartCount > 0 && isYoung(State.StartedAt))) {
    const end = State.Restarting ? State : await lastEndOf(docker, container);
    const often = RestartCount === 0 ? '' : `, after ${plural(RestartCount, 'restart')}`;
    const more = end.OOMKilled ? [{ does: 'gives it more memory', command: `docker update ${MEMORY} ${name}` }] : [];
    return trouble(
      'restarting',
      `The container ${name} ${endText(end)}${often}: see docker logs ${name}.`,
      logs,
      ...more,
    );
  }
  if (State.Running) return undefined;
  return State.Status === 'created'
    ? trouble('stopped', `The container ${name} was created but never started.`, starts(name))
    : trouble('stopped', `The container ${name} ${endText(State)}: see docker logs ${name}.`, starts(name), logs);
};

const starts = (name: string): Remedy => ({ does: 'starts it', command: `docker start ${name}` });

type End = Pick<Inspected['State'], 'OOMKilled' | 'ExitCode'>;

/** Such as `ended with exit code 1`. */
const endText = ({ OOMKilled, ExitCode }: End): string =>
  OOMKilled
    ? `ran out of memory and was killed by the kernel (OOM kill, exit code ${ExitCode})`
    : `ended with exit code ${ExitCode}${MEANING[ExitCode] ?? ''}`;

const MEANING: Readonly<Record<number, string>> = {
  126: ' (its command is not executable)',
  127: ' (its command was not found)',
  137: ' (it was killed)',
  139: ' (it crashed)',
  143: ' (it was told to stop)',
};

const MEMORY = '--memory 512m --memory-swap 512m';

// Docker waits at most a minute between two restarts, and starts over once a container has run for ten seconds.
const YOUNG_MS = 60_000;

const isYoung = (startedAt: string): boolean => Date.now() - Date.parse(startedAt) < YOUNG_MS;

// While it runs, its state says nothing of how it ended before; Docker remembers its latest events.
const lastEndOf = async (docker: Docker, { Id }: Inspected): Promise<End> => {
  const filters = ['--filter', `container=${Id}`, '--filter', 'event=die', '--filter', 'event=oom'];
  const printed = await docker('events', '--since', '10m', '--until', '0s', ...filters, '--format', '{{json .}}');
  const events = printed
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Event);
  return {
    OOMKilled: events.some(({ Action }) => Action === 'oom'),
    ExitCode: Number(events.findLast(({ Action }) => Action === 'die')?.Actor.Attributes['exitCode'] ?? 0),
  };
};

type Event = {
  readonly Action: string;
  readonly Actor: { readonly Attributes: Readonly<Record<string, string>> };
};
