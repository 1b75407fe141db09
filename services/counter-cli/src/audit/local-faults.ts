// What each fault does to a cluster of processes.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from '../local/keep-running.ts';
import type { Program } from '../local/processes.ts';
import { type FaultKind, hold, REPLICAS, SCALED_UP } from './kinds.ts';
import type { Planned } from './plan.ts';
import type { Relay } from './relay.ts';

/** What the faults act on. */
export type LocalParts = {
  readonly relay: Relay;
  readonly redis: Running;
  readonly proxy: Running;
  /** Those that run, in the order in which the faults strike them. */
  readonly replicas: Running[];
  /** Programs for replicas on ports that are not in use, though the proxy asks there. */
  readonly spare: Program[];
  readonly start: (program: Program) => Running;
  readonly ready: (replicas: readonly Running[]) => Promise<void>;
  readonly stop: AbortSignal;
};

type Inject = (parts: LocalParts, fault: Planned) => Promise<string>;

const ofReplica =
  (signal: NodeJS.Signals): Inject =>
  async (parts, { victim }) => {
    const replica = parts.replicas[victim] as Running;
    const happened = await restarted(replica, signal, parts.stop);
    await parts.ready([replica]);
    return happened;
  };

const pauseReplica: Inject = async ({ replicas, stop }, { victim }) => {
  const { program, pid } = replicas[victim] as Running;
  const paused = pid() as number;
  process.kill(paused, 'SIGSTOP');
  try {
    await hold(stop);
  } finally {
    process.kill(paused, 'SIGCONT');
  }
  return `${program.name}, process ${paused}`;
};

const recreateReplica: Inject = async ({ replicas, spare, start, ready }, { victim }) => {
  const old = replicas[victim] as Running;
  const { program } = old;
  const stopped = old.stop(); // it is not restarted
  process.kill(old.pid() as number, 'SIGKILL');
  await stopped;
  const fresh = start(named(spare.shift() as Program, program.name));
  replicas[victim] = fresh;
  spare.push(program);
  await ready([fresh]);
  return `${program.name}, from port ${program.port} to ${fresh.program.port}`;
};

const scale: Inject = async ({ spare, start, ready, stop }) => {
  const programs = spare.splice(0, SCALED_UP - REPLICAS);
  const more = programs.map((program, i) => start(named(program, `web${REPLICAS + 1 + i}`)));
  await ready(more);
  await sleep(SHARE_MS, undefined, { signal: stop }).catch(() => {});
  await Promise.all(more.map((one) => one.stop()));
  spare.push(...programs);
  return `${more.map(({ program }) => program.name).join(' and ')} came and went`;
};

const cutRedis: Inject = async ({ relay, stop }) => {
  relay.cut();
  await hold(stop);
  relay.restore();
  return 'nothing passed between the replicas and redis';
};

/** Each in the one way in which a machine without containers has it. */
export const LOCAL_FAULTS: Readonly<Record<FaultKind, Inject>> = {
  'kill-replica': ofReplica('SIGKILL'),
  'stop-replica': ofReplica('SIGTERM'),
  'pause-replica': pauseReplica,
  'recreate-replica': recreateReplica,
  scale,
  'cut-redis': cutRedis,
  'restart-redis': ({ redis, stop }) => restarted(redis, 'SIGTERM', stop),
  'kill-redis': ({ redis, stop }) => restarted(redis, 'SIGKILL', stop),
  'restart-proxy': ({ proxy, stop }) => restarted(proxy, 'SIGTERM', stop),
  'kill-proxy': ({ proxy, stop }) => restarted(proxy, 'SIGKILL', stop),
};

// It is kept running, so that its end is followed by a start.
const restarted = async ({ program, pid }: Running, signal: NodeJS.Signals, stop: AbortSignal): Promise<string> => {
  const old = pid() as number;
  process.kill(old, signal);
  const isBack = () => pid() !== undefined && pid() !== old;
  while (!isBack() && !stop.aborted) await sleep(LOOK_EVERY_MS);
  return `${program.name}, process ${old}, ${signal}; it is process ${pid()} now`;
};

const named = (program: Program, name: string): Program => ({
  ...program,
  name,
  env: { ...program.env, INSTANCE: name },
});

const SHARE_MS = 1000; // how long the new ones take part
const LOOK_EVERY_MS = 20;
