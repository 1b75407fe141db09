// Waits until the server in a container is ready: a container runs before its server listens.
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../../errors.ts';
import type { Docker } from '../docker.ts';

const CHECKS = {
  redis: ['sh', '-c', 'test "$(redis-cli ping)" = PONG'],
  web: ['wget', '-Y', 'off', '-qO-', 'http://127.0.0.1:3000/healthz'],
} as const;

/** @throws {CommandError} when it is not ready within some ten seconds */
export const untilReady = async (docker: Docker, id: string, server: keyof typeof CHECKS): Promise<void> => {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const ready = docker('exec', id, ...CHECKS[server]).then(
      () => true,
      () => false,
    );
    if (await ready) return;
    await sleep(100);
  }
  throw new CommandError(`The server in ${id} does not respond.`);
};
