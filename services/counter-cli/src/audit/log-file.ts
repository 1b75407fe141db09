// Writes what the processes of an audit say into a file.
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { LogLines } from '../local/log-lines.ts';

export const createLogFile = (path: string): LogLines => {
  const file = createWriteStream(path);
  file.on('error', () => {}); // the log is an extra
  return {
    follow: (name, streams) => {
      for (const stream of streams) createInterface(stream).on('line', (line) => file.write(`${name} | ${line}\n`));
    },
    say: (line) => file.write(`${new Date().toISOString()} ${line}\n`),
  };
};
