// What a person sees of the logs of services: in a file, every line; on a terminal, what changed, and every line on demand.
import { createInterface } from 'node:readline';
import { isTerminal, print, printFolded, type Terminal } from './terminal.ts';
import { printable } from './text.ts';

export type LogView = {
  /** @param line one line of a log @param shown how it is printed where every line is */
  readonly add: (line: string, shown: string) => void;
  /** The next word of its health is no news: the person knows. */
  readonly expect: (name: string) => void;
  /** Ends listening for the key. */
  readonly close: () => void;
};

/** What Enter does, for a terminal that has it. */
export const keyHint = ({ stdin, stdout }: Terminal): string =>
  isTerminal(stdin) && isTerminal(stdout) ? ' Enter shows or hides the logs.' : '';

const SAME_MS = 5000; // replicas that lose Redis all say the same

export const createLogView = (terminal: Terminal): LogView => {
  let every = !isTerminal(terminal.stdout);
  let last = { text: '', at: 0 };
  const known = new Set<string>();
  const keys = keyHint(terminal) === '' ? undefined : createInterface({ input: terminal.stdin, terminal: false });
  keys?.on('line', () => {
    every = !every;
    print(terminal, every ? 'Logs are shown; Enter hides them.' : 'Logs are hidden; Enter shows them.');
  });
  return {
    add: (line, shown) => {
      if (every) return print(terminal, shown);
      const text = newsIn(line);
      if (text === undefined || known.delete(text) || (text === last.text && Date.now() - last.at < SAME_MS)) return;
      last = { text, at: Date.now() };
      printFolded(terminal, `${timeNow()} ${text}`);
    },
    expect: (name) => known.add(`${name} is healthy.`),
    close: () => keys?.close(),
  };
};

/** The time of day, as in `13:08:12`. */
export const timeNow = (): string => new Date().toTimeString().slice(0, 8);

/** What a line of a service's log means to a person: replicas that come and go, and warnings; undefined for any other. */
const newsIn = (line: string): string | undefined => {
  const { level, message, name, upstream, reason } = fieldsOf(line);
  const who = `${name ?? upstream}`;
  if (message === 'upstream is healthy') return printable(`${who} is healthy.`);
  if (message === 'upstream is unhealthy') return printable(`${who} is unhealthy. ${reason ?? ''}`.trim());
  if (message === 'upstream was removed') return printable(`${who} was removed.`);
  return level === 'warn' || level === 'error' || level === 'fatal' ? printable(`${message}`) : undefined;
};

const fieldsOf = (line: string): Partial<Record<'level' | 'message' | 'name' | 'upstream' | 'reason', unknown>> => {
  try {
    return Object(JSON.parse(line));
  } catch {
    return {}; // Redis writes no JSON
  }
};
