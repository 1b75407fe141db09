// Runs the cluster without containers, until it is asked to stop.
import { accessSync, constants, mkdirSync } from 'node:fs';
import { serveLock } from '@container-counter/service/reload-lock';
import { withPassword } from '@container-counter/service/secret';
import { type Config, readConfig } from '../config.ts';
import { CommandError } from '../errors.ts';
import { keyHint } from '../log-view.ts';
import { nextSteps } from '../next-steps.ts';
import { holderOf } from '../port-holder.ts';
import { untilListening, untilReady, untilReplicasReady } from '../ready.ts';
import { shownUrl } from '../redis/connect.ts';
import { print, type Terminal } from '../terminal.ts';
import { chooseRedis, type RedisChoice } from './find-redis.ts';
import { keepRunning } from './keep-running.ts';
import { createLogLines } from './log-lines.ts';
import { requireFreePorts } from './ports.ts';
import { proxyOf, replicasOf } from './processes.ts';
import { readState, redisFolder, removeState, startOf, writeState } from './state.ts';
import { startWatchdog } from './watch.ts';

const SLOW_MS = 5000;

/**
 * @param reloads reload a service when its sources change
 * @throws {CommandError} when it runs already, or there is no Redis @throws {UsageError} when a port is taken
 * @throws {ConfigError} for a file with a password that cannot be used
 */
export const upLocal = async (terminal: Terminal, reloads: boolean): Promise<void> => {
  const config = readConfig(terminal.env);
  const before = readState(config);
  if (before !== undefined) {
    throw new CommandError(`Already running at ${before.url} (process ${before.pid}). "counter down local" stops it.`);
  }
  if (config.redisGiven) withPassword(config.redisUrl, config.redisPasswordFile); // or every replica would refuse it
  const redis = chooseRedis(config, terminal.env, redisFolder(config));
  const lock = reloads ? await serveLock(0, '127.0.0.1') : undefined;
  const groups = [
    redis.program === undefined ? [] : [redis.program],
    replicasOf(config, terminal.env, lock && `127.0.0.1:${lock.port}`),
    [proxyOf(config, terminal.env, reloads)],
  ];
  const programs = groups.flat();
  await requireFreePorts(programs, (port) => holderOf(port, config, terminal.env));
  makeFolder(redisFolder(config));

  const stop = new AbortController();
  const stopped = terminal.stopSignal().then((signal) => {
    stop.abort();
    return signal;
  });
  const log = createLogLines(terminal, programs.map(({ name }) => name).toReversed());
  log.say(redis.sentence);
  const watch = startWatchdog();
  const url = `http://localhost:${config.proxyPort}`;
  const { pid } = process;
  const started = startOf(pid);
  let noted = true;
  const note = () => {
    watch.children(running.flat().flatMap((one) => one.pid() ?? []));
    const processes = running.flat().map(({ program, pid }) => ({
      name: program.name,
      pid: pid() ?? null,
      address: `127.0.0.1:${program.port}`,
    }));
    try {
      writeState(config, { pid, started, url, redis: shownUrl(config), processes });
    } catch (error) {
      // A full disk, say: the cluster runs all the same.
      if (noted) log.say(`"counter status" and "counter down" may not find this cluster: ${(error as Error).message}.`);
      noted = false;
    }
  };
  const isReady = (port: number) => log.ready(programs.find((one) => one.port === port)?.name ?? '');
  if (redis.program !== undefined)
    void untilListening(redis.program.port, stop.signal).then((is) => is && log.ready('redis'));
  const running: ReturnType<typeof keepRunning>[][] = [];
  for (const group of groups) {
    // Like the health-gated start in Compose: replicas that appear one by one would be loaded unevenly at first.
    if (group[0]?.name === 'proxy') await untilReplicasReady(config.webPorts, stop.signal, SLOW_MS, isReady);
    if (stop.signal.aborted) break;
    running.push(group.map((program) => keepRunning(program, log, note)));
    note();
  }

  await untilReady(url, config.webPorts.length, stop.signal, SLOW_MS, (reason) => log.say(`Not ready yet: ${reason}`));
  if (!stop.signal.aborted) {
    log.ready('proxy');
    print(terminal, nextSteps(url, listKeys(config, redis), `Ctrl-C stops it.${keyHint(terminal)}`));
  }
  log.say(`${await stopped}: stopping.`);
  // Clients are stopped before their servers, so that no request is cut off.
  for (const group of running.toReversed()) await Promise.all(group.map((one) => one.stop()));
  watch.close();
  lock?.close();
  log.close();
  removeState(config);
  log.say('Stopped.');
};

const makeFolder = (folder: string): void => {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    const { message } = cause as Error;
    throw new CommandError(`Nothing can be stored in ${folder}: ${message}. Name another folder in LOCAL_DATA.`, {
      cause,
    });
  }
};

const listKeys = (config: Config, { program }: RedisChoice): string[] => {
  const url = shownUrl(config);
  const counter = url === 'redis://127.0.0.1:6379' ? 'npx counter keys' : `REDIS_URL=${url} npx counter keys`;
  return program?.command === process.execPath ? [counter] : [counter, `redis-cli -u ${url} keys '*'`];
};
