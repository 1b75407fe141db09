// The log of a service: one JSON line for each request and for each event of its life.
import { type DestinationStream, type Logger, pino } from 'pino';
import { oneOf } from './environment.ts';

export type { Logger } from 'pino';

export const logLevel = oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent');

/**
 * @param who what every line says of its writer, such as `{ service: 'web', replica: 'web2' }`
 * @param destination where the lines go; the default is standard output, buffered
 */
export const createLogger = (
  who: Readonly<Record<string, string>>,
  level: string,
  destination: DestinationStream = buffered(),
): Logger => pino({ level, base: who, timestamp: isoTime(), messageKey: 'message', formatters }, destination);

// `info` reads better than 30.
const formatters = { level: (label: string) => ({ level: label }) };

// ISO 8601. Many lines have the same millisecond, and it was 2 to 3% of a service's CPU time to write it for each anew.
const isoTime = (): (() => string) => {
  let last = 0;
  let text = '';
  return () => {
    const now = Date.now();
    if (now !== last) text = `,"time":"${new Date(now).toISOString()}"`;
    last = now;
    return text;
  };
};

// A write per line is a system call per request. Lines are collected instead, up to 16 KiB and for at most 100 ms, so
// that a `docker compose logs` right after a curl still shows its line.
//
// Not pino's own buffer: when the reader of standard output is gone, its last flush repeats the failing write for ever
// (sonic-boom 4.2, flushSync), and the process never ends.
const buffered = (out: NodeJS.WriteStream = process.stdout): DestinationStream => {
  let lines = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (lines !== '') out.write(lines);
    lines = '';
  };
  out.on('error', () => {}); // nobody reads the log any more, and the service goes on without it
  process.once('exit', flush);
  return {
    write: (line) => {
      lines += line;
      if (lines.length >= 16_384) flush();
      else timer ??= setTimeout(flush, 100).unref();
    },
  };
};
