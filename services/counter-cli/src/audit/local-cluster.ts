// A cluster of processes for an audit: a Redis behind a relay, three replicas, and a proxy that knows of spare ports.
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePorts } from '@container-counter/network/free-ports';
import { readConfig } from '../config.ts';
import { CommandError } from '../errors.ts';
import { chooseRedis } from '../local/find-redis.ts';
import { keepRunning, type Running } from '../local/keep-running.ts';
import type { LogLines } from '../local/log-lines.ts';
import { type Program, proxyOf, replicasOf } from '../local/processes.ts';
import { startWatchdog } from '../local/watch.ts';
import { untilReplicasReady } from '../ready.ts';
import { askerOf, withRedis } from '../redis/connect.ts';
import type { Terminal } from '../terminal.ts';
import { type AuditCluster, type StartCluster, storedBy } from './cluster.ts';
import { REPLICAS, SCALED_UP } from './kinds.ts';
import { LOCAL_FAULTS, type LocalParts } from './local-faults.ts';
import { startRelay } from './relay.ts';

/** @throws {CommandError} when there is no Redis that keeps its data */
export const startLocalCluster =
  (terminal: Terminal): StartCluster =>
  async (stop) => {
    const folder = mkdtempSync(join(tmpdir(), 'counter-audit-'));
    const log = createLogFile(join(folder, 'log'));
    const watch = startWatchdog();
    const running = new Set<Running>();
    const note = () => watch.children([...running].flatMap((one) => one.pid() ?? []));
    const start = (program: Program): Running => {
      const one = keepRunning(program, log, note);
      running.add(one);
      note();
      return one;
    };
    const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true }), watch.close];
    const end = async () => {
      await Promise.all([...running].map((one) => one.stop()));
      for (const end of ends.toReversed()) end();
    };
    try {
      return await build(terminal, folder, log, start, stop, ends, end);
    } catch (error) {
      await end();
      throw error;
    }
  };

const build = async (
  { env }: Terminal,
  folder: string,
  log: LogLines,
  start: (program: Program) => Running,
  stop: AbortSignal,
  ends: (() => unknown)[],
  end: () => Promise<void>,
): Promise<AuditCluster> => {
  const [redisPort = 0, proxyPort = 0, ...webPorts] = await freePorts(2 + SCALED_UP + 1);
  const quiet = { ...env, LOG_LEVEL: env['LOG_LEVEL'] ?? 'warn' };
  const direct = { ...readConfig({}), redisPort, redisUrl: new URL(`redis://127.0.0.1:${redisPort}`) };
  const redis = chooseRedis(direct, quiet, join(folder, 'redis'));
  if (redis.program?.command === process.execPath) throw new CommandError(NEEDS_REDIS);
  log.say(redis.sentence);
  mkdirSync(join(folder, 'redis'));
  const relay = await startRelay(redisPort);
  ends.push(relay.close);
  const config = { ...direct, proxyPort, webPorts, redisUrl: new URL(`redis://127.0.0.1:${relay.port}`) };
  const programs = replicasOf(config, quiet).map(draining);
  const durable = redis.program as Program;
  const ready = (replicas: readonly Running[]) =>
    untilReplicasReady(
      replicas.map(({ program }) => program.port),
      stop,
      READY_WITHIN_MS,
    );
  const parts = {
    relay,
    redis: start({ ...durable, args: [...durable.args, '--appendfsync', 'always', '--save', ''] }),
    replicas: programs.slice(0, REPLICAS).map(start),
    spare: programs.slice(REPLICAS),
    start,
    ready,
    stop,
  };
  await ready(parts.replicas);
  const cluster: LocalParts = { ...parts, proxy: start(proxyOf(config, quiet)) };
  return {
    url: new URL(`http://127.0.0.1:${proxyPort}/`),
    inject: (fault) => LOCAL_FAULTS[fault.kind](cluster, fault),
    stored: () => withRedis({ ...direct, redisGiven: true }, 'audit', (client) => storedBy(askerOf(client))),
    stop: end,
  };
};

// As in a container: a replica that stops keeps serving for a while, because the proxy may still select it.
const draining = (program: Program): Program => ({ ...program, env: { ...program.env, DRAIN_MS: '1000' } });

const NEEDS_REDIS =
  'The audit kills Redis and expects its data to be there again, so it needs redis-server or valkey-server on the path. Install one, or run "counter audit networks".';

const READY_WITHIN_MS = 20_000;

const createLogFile = (path: string): LogLines => {
  const file = createWriteStream(path);
  file.on('error', () => {}); // the log is an extra
  return {
    follow: (name, streams) => {
      for (const stream of streams) createInterface(stream).on('line', (line) => file.write(`${name} | ${line}\n`));
    },
    say: (line) => file.write(`${new Date().toISOString()} ${line}\n`),
  };
};
