// The Docker Engine that the end-to-end tests use, and whether there is one.
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

/** The reason for which tests that need a Docker Engine are skipped, or false where there is one. */
export const noEngine = (): string | false =>
  runs('version') && runs('compose', 'version') ? false : 'no Docker Engine with Compose responds';

/** The same for tests that make another engine beside the private one. */
export const noPrivateEngine = (): string | false =>
  noEngine() ||
  (/^unix:\/\/\/run\/counter-\w+\/docker\.sock$/.test(process.env['DOCKER_HOST'] ?? '')
    ? false
    : 'it needs a private engine: tools/engine/up, then tools/engine/exec');

/** Runs `docker` with `args`. @returns what it printed, without the last newline @throws with what it said on stderr */
export const docker = async (...args: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)('docker', args, { maxBuffer: 2 ** 26 });
  return stdout.trimEnd();
};

/** Runs `act` while another container has the address that `network` would give next. */
export const withNextAddressTaken = async (network: string, act: () => Promise<void>): Promise<void> => {
  const other = await docker('run', '--detach', '--network', network, '--init', 'busybox', 'sleep', '300');
  await act().finally(() => docker('rm', '--force', other));
};

const runs = (...args: string[]): boolean => spawnSync('docker', args).status === 0;
