// For development: runs the main file of a service, and reloads it when a source changes. New connections go to the new
// process once it listens, and the old one finishes its responses, so no request fails. If the new one does not start,
// the old one keeps running. Replicas reload one after the other: they acquire the lock at RELOAD_LOCK, which the proxy, with
// RELOAD_LOCK_PORT, or local mode serves.
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { dirname } from 'node:path';
import { stopSignal } from './lifecycle.ts';
import { acquireLock, serveLock } from './reload-lock.ts';

const QUIET_MS = 50; // an editor, or Compose, may write several files

const main = process.argv[2] ?? '';
const folders = [dirname(dirname(main)), dirname(dirname(import.meta.dirname))]; // the service, and packages
const { INSPECT: inspect, RELOAD_LOCK: lock, RELOAD_LOCK_PORT: lockPort } = process.env;
const say = (message: string) => process.stderr.write(`${main} ${message}\n`);

// Without this, the channel to this process would keep a service running that has stopped.
const unref = ['--import', 'data:text/javascript,process.channel?.unref()'];
// The option only says where; the signal below opens the inspector, once the old process has left the port.
const execArgv = inspect === undefined ? unref : [...unref, `--inspect-port=${inspect}`];
cluster.setupPrimary({ exec: main, args: [], execArgv, inspectPort: Number(inspect?.split(':').at(-1) ?? 0) });

let current: Worker | undefined;
let pending: Worker | undefined; // which is to replace it, and does not listen yet
let stopping = false;

const start = async (): Promise<void> => {
  const old = current;
  const next = cluster.fork();
  if (old !== undefined) pending = next;
  const exit = once(next, 'exit').then(([code]) => code as number | null);
  const failed = await Promise.race([once(next, 'listening').then(() => false), exit.then(() => true)]);
  pending = undefined;
  if (failed && old !== undefined) {
    say('does not start: the previous one keeps running');
    return;
  }
  current = next;
  // Otherwise what runs this decides: Docker, or local mode.
  void exit.then((code) => {
    if (current === next) process.exit(code ?? 1);
  });
  if (old !== undefined) {
    const end = once(old, 'exit');
    old.process.kill('SIGTERM');
    await end;
    say('reloaded');
  }
  if (inspect !== undefined) next.process.kill('SIGUSR1');
};

const reload = async (): Promise<void> => {
  const release = lock === undefined ? undefined : await acquireLock(lock);
  if (!stopping) await start();
  release?.();
};

if (lockPort !== undefined) await serveLock(Number(lockPort));

// It may hang, and then never listen.
const cancelPending = () => pending?.process.kill('SIGKILL');

let timer: NodeJS.Timeout | undefined;
let starting = start();
for (const folder of folders) {
  watch(folder, { recursive: true }, (_event, file) => {
    if (/(?:^|\/)(?:test|node_modules)\//.test(file ?? '')) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      cancelPending();
      starting = starting.then(reload);
    }, QUIET_MS);
  });
}

const signal = await stopSignal();
stopping = true;
cancelPending();
await starting;
current?.process.kill(signal);
