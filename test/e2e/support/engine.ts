// The Docker Engine that the end-to-end tests use, and whether there is one.
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

/** The reason for which tests that need a Docker Engine are skipped, or false where there is one. */
export const noEngine = (): string | false =>
  runs('version') && runs('compose', 'version') ? false : 'no Docker Engine with Compose responds';

/** Runs `docker` with `args`. @returns what it printed, without the last newline @throws with what it said on stderr */
export const docker = async (...args: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)('docker', args, { maxBuffer: 2 ** 26 });
  return stdout.trimEnd();
};

const runs = (...args: string[]): boolean => spawnSync('docker', args).status === 0;
