// The log of a service: one JSON line for each request and for each event of its life.
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
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
): Logger =>
  pino({ level, base: who, timestamp: stdTimeFunctions.isoTime, messageKey: 'message', formatters }, destination);

// `info` reads better than 30.
const formatters = { level: (label: string) => ({ level: label }) };

// A write per line is a system call per request. Lines are collected instead, at most 4 KiB and at most 100 ms,
// so that a `docker compose logs` right after a curl still shows its line. Pino flushes them on exit.
const buffered = (): DestinationStream => pino.destination({ sync: false, minLength: 4096, periodicFlush: 100 });
