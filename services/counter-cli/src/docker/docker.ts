// Runs the `docker` command.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Environment } from '@container-counter/service/environment';
import { CommandError } from '../errors.ts';

/** Runs `docker`. @returns what it printed, without the last newline @throws {DockerFailed} */
export type Docker = (...args: readonly string[]) => Promise<string>;

/** `docker` ended with another code than 0; the message has what it said. */
export class DockerFailed extends CommandError {
  readonly code: number | string | undefined;
  readonly stdout: string;
  constructor(args: readonly string[], cause: Ended) {
    super(`docker ${args.join(' ')} failed: ${cause.stderr?.trim() || cause.message}`, { cause });
    this.code = cause.code;
    this.stdout = cause.stdout ?? '';
  }
}

type Options = {
  readonly cwd?: string;
  /** After which it is ended. */
  readonly timeoutMs?: number;
  /** For its standard input. */
  readonly input?: string;
};

export const dockerIn =
  (env: Environment, { cwd, timeoutMs = 0, input = '' }: Options = {}): Docker =>
  async (...args) => {
    const options = { env: { ...env }, maxBuffer: 2 ** 26, timeout: timeoutMs, ...(cwd === undefined ? {} : { cwd }) };
    const running = promisify(execFile)('docker', args, options);
    running.child.stdin?.on('error', () => {}); // it may end without having read all
    running.child.stdin?.end(input);
    try {
      return (await running).stdout.trimEnd();
    } catch (cause) {
      throw new DockerFailed(args, cause as Ended);
    }
  };

type Ended = Error & { readonly code?: number | string; readonly stdout?: string; readonly stderr?: string };
