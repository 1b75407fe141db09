// Chooses the Redis of a cluster without containers: one that is named, one that is installed, or the embedded one.
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '@container-counter/service/environment';
import type { Config } from '../config.ts';
import { CommandError } from '../errors.ts';
import { shownUrl } from '../redis/connect.ts';
import { inherited, type Program } from './processes.ts';

export type RedisChoice = {
  /** Undefined when it runs already. */
  readonly program: Program | undefined;
  /** Says which one it is, and what becomes of its data. */
  readonly sentence: string;
};

/** @param folder where an installed Redis keeps its data @throws {CommandError} when there is none at all */
export const chooseRedis = (config: Config, env: Environment, folder: string): RedisChoice => {
  if (config.redisGiven) return { program: undefined, sentence: `Redis is ${shownUrl(config)}, as REDIS_URL says.` };
  const { redisPort: port } = config;
  const shared = { name: 'redis', env: inherited(env), port, portVariable: 'LOCAL_REDIS_PORT' } as const;
  const installed = find(['redis-server', 'valkey-server'], env['PATH'] ?? '');
  if (installed !== undefined) {
    const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes'];
    return {
      program: { ...shared, command: installed, args },
      sentence: `Redis is ${installed}, and keeps its data in ${folder}.`,
    };
  }
  return {
    program: { ...shared, command: process.execPath, args: [EMBEDDED, `${requireEmbedded(port)}`] },
    sentence:
      'Redis is the embedded js-redis-server, because there is no redis-server or valkey-server on the PATH. Its data is lost when it stops.',
  };
};

const EMBEDDED = fileURLToPath(new URL('embedded-redis.ts', import.meta.url));

const requireEmbedded = (port: number): number => {
  try {
    import.meta.resolve('js-redis-server/core');
    return port;
  } catch (cause) {
    const remedy = 'Install redis-server, run "npm install", or set REDIS_URL.';
    throw new CommandError(`There is no redis-server or valkey-server on the PATH, and no js-redis-server. ${remedy}`, {
      cause,
    });
  }
};

const find = (names: readonly string[], path: string): string | undefined =>
  names.flatMap((name) => path.split(delimiter).map((folder) => join(folder, name))).find(isExecutable);

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile(); // a folder is executable, too
  } catch {
    return false;
  }
};
