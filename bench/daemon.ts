// Starts a server whose log goes to a file, as in production: the load generator must not spend its time on reading it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Cleanup } from '@container-counter/testing/ends';
import { eventually } from '@container-counter/testing/eventually';

/** @returns its process id, once it accepts connections on `port` of loopback */
export const startDaemon = async (
  t: Cleanup,
  folder: string,
  port: number,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> => {
  const log = await open(join(folder, `${port}.log`), 'w');
  const child = spawn(command, args, { stdio: ['ignore', log.fd, log.fd], env: { PATH: process.env['PATH'], ...env } });
  await once(child, 'spawn');
  const ended = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), 3000);
    await ended;
    clearTimeout(patience);
  });
  await log.close();
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`${command} ended; its log is ${folder}/${port}.log`);
    await accepts(port);
  });
  return child.pid as number;
};

const accepts = async (port: number): Promise<void> => {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect').finally(() => socket.destroy());
};
