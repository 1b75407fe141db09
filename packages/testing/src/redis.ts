// Starts a real Redis for a test: empty, on loopback, removed when the test ends.
import { spawnSync } from 'node:child_process';
import { freePort } from '@container-counter/network/free-ports';
import type { Cleanup } from './ends.ts';
import { type Program, start } from './process.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type TestRedis = { readonly url: string; readonly port: number; readonly program: Program };

/** The reason for which tests that need a Redis are skipped, or false where there is one. */
export const noRedis = (): string | false =>
  redisServer() === undefined ? 'neither redis-server nor valkey-server is on the path' : false;

type Options = {
  /** To listen on, for a restart in the same place; default: a free one. */
  readonly port?: number;
  /** Makes it a node of a Redis Cluster. */
  readonly cluster?: boolean;
  readonly args?: readonly string[];
};

export const startRedis = async (t: Cleanup, options: Options = {}): Promise<TestRedis> => {
  const command = redisServer();
  if (command === undefined) throw new Error(String(noRedis()));
  const folder = await temporaryFolder(t, 'redis');
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    const own = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...(options.args ?? [])];
    // Unless its bus is given a port it takes the one 10 000 above.
    if (options.cluster) own.push('--cluster-enabled', 'yes', '--cluster-port', `${await freePort()}`);
    const program = start(t, command, own);
    try {
      await program.line(/Ready to accept connections/);
      return { url: `redis://127.0.0.1:${port}`, port, program };
    } catch (error) {
      // A program that did not reserve it may have taken it.
      const taken = program.lines.some((line) => line.includes('Address already in use'));
      if (!taken || attempt === ATTEMPTS) throw error;
    }
  }
};

const ATTEMPTS = 5;

let found: string | undefined;

const redisServer = (): string | undefined => {
  found ??= ['redis-server', 'valkey-server'].find((command) => spawnSync(command, ['--version']).status === 0);
  return found;
};
