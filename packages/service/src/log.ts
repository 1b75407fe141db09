// The log of a service: one JSON line for each request and for each event of its life.
import { writeSync } from 'node:fs';
import { type DestinationStream, type Logger as Pino, pino } from 'pino';
import { oneOf } from './environment.ts';

export type Logger = Pino & {
  /** Writes the line that pino would write for `log[level](fields)`, in a third of the time. */
  readonly access: (level: 'debug' | 'info', fields: AccessFields) => void;
};

type AccessFields = Readonly<Record<string, string | number | undefined>> & { readonly message: string };

export const logLevel = oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent');

/**
 * @param who what every line says of its writer, such as `{ service: 'web', replica: 'web2' }`
 * @param destination where the lines go; the default is standard output, buffered
 */
export const createLogger = (
  who: Readonly<Record<string, string>>,
  level: string,
  destination?: DestinationStream,
): Logger => {
  const lines = destination ?? buffered((dropped) => log.warn({ dropped }, DROPPED));
  const time = isoTime();
  const log: Pino = pino({ level, base: who, timestamp: time, messageKey: 'message', formatters }, lines);
  const by = Object.entries(who).map(([key, name]) => `${JSON.stringify(key)}:${JSON.stringify(name)},`);
  const writer = by.join('');
  // pino converts field by field; JSON.stringify is fast for a whole object of strings and numbers.
  const access: Logger['access'] = (at, fields) => {
    if (!log.isLevelEnabled(at)) return;
    lines.write(`{"level":"${at}"${time()},${writer}${JSON.stringify(fields).slice(1)}\n`);
  };
  return Object.assign(log, { access });
};

const DROPPED = 'log lines were dropped because standard output did not take them';

// `info` reads better than 30.
const formatters = { level: (label: string) => ({ level: label }) };

// ISO 8601, cached per millisecond: formatting it for each line was 2 to 3% of a service's CPU time.
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
// Neither a stream nor pino's own buffer would do, because the reader of standard output may stall or exit: a stream
// buffers without limit and keeps the process alive, and pino's last flush repeats the failing write forever
// (sonic-boom 4.2, flushSync). Here, what is not accepted is retried, up to a bound beyond which lines are
// dropped; `tell` is called with their number once there is room again.
const buffered = (tell: (dropped: number) => void): DestinationStream => {
  // Node makes pipes non-blocking; writes to a file or a terminal block, as they do for a stream.
  process.stdout.on('error', () => {}); // from other writers
  let rest: Buffer = Buffer.alloc(0); // what the pipe did not take
  let lines = '';
  let dropped = 0;
  let readable = true;
  let timer: NodeJS.Timeout | undefined;

  // Whether all of it is out.
  const flush = (): boolean => {
    clearTimeout(timer);
    timer = undefined;
    if (lines !== '') rest = Buffer.concat([rest, Buffer.from(lines)]);
    lines = '';
    try {
      while (readable && rest.length > 0) rest = rest.subarray(writeSync(STDOUT, rest));
    } catch (error) {
      // Any other error means that the log has no reader any more; the service continues without it.
      readable = PASSES.has((error as NodeJS.ErrnoException).code);
    }
    if (!readable) rest = Buffer.alloc(0);
    if (rest.length > 0) timer = setTimeout(flush, 100).unref();
    else if (dropped > 0) {
      const count = dropped;
      dropped = 0;
      tell(count);
    }
    return rest.length === 0 && lines === '';
  };

  process.once('exit', () => {
    const end = Date.now() + MAX_EXIT_MS;
    while (!flush() && Date.now() < end) Atomics.wait(NEVER, 0, 0, 5); // gives the reader time
  });

  return {
    write: (line) => {
      if (rest.length + lines.length > MAX_BYTES) {
        dropped += 1;
        return;
      }
      lines += line;
      if (rest.length === 0 && lines.length >= 16_384) flush();
      else timer ??= setTimeout(flush, 100).unref();
    },
  };
};

// A pipe may be full, or the disk of a file.
const PASSES: ReadonlySet<string | undefined> = new Set(['EAGAIN', 'ENOSPC', 'EDQUOT']);

const STDOUT = 1;
const MAX_BYTES = 2 ** 20;
const MAX_EXIT_MS = 500;
const NEVER = new Int32Array(new SharedArrayBuffer(4));
