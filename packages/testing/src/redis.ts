// A real Redis of the test's own: empty, on loopback, gone when the test ends.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './port.ts';
import { type Cleanup, type Program, start } from './process.ts';

export type TestRedis = { readonly url: string; readonly port: number; readonly program: Program };

/** The reason for which tests that need a Redis are skipped, or false where there is one. */
export const noRedis = (): string | false =>
  redisServer() === undefined ? 'neither redis-server nor valkey-server is on the path' : false;

/** @param port the one to listen on, to start again where a Redis was before; a free one without it */
export const startRedis = async (t: Cleanup, options: { port?: number; args?: string[] } = {}): Promise<TestRedis> => {
  const command = redisServer();
  if (command === undefined) throw new Error(String(noRedis()));
  const port = options.port ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'counter-redis-'));
  const own = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...(options.args ?? [])];
  const program = start(t, command, own);
  t.after(() => rm(folder, { recursive: true, force: true }));
  await program.line(/Ready to accept connections/);
  return { url: `redis://127.0.0.1:${port}`, port, program };
};

const redisServer = (): string | undefined =>
  ['redis-server', 'valkey-server'].find((command) => spawnSync(command, ['--version']).status === 0);
