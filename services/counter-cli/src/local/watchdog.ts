// The watchdog process: stops the children of `up local` when that died without doing so, as by SIGKILL.
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { KILL_AFTER_MS } from './kill-after.ts';

// Each line of standard input lists the running children. It ends when the parent does, which leaves an empty list if it
// has stopped them all itself.
let children: readonly number[] = [];
const lines = createInterface(process.stdin);
lines.on('line', (line) => {
  children = line.split(' ').filter(Boolean).map(Number);
});
lines.on('close', async () => {
  for (const pid of children) {
    signal(pid, 'SIGTERM');
    signal(pid, 'SIGCONT'); // an audit may have paused it
  }
  const deadline = performance.now() + KILL_AFTER_MS;
  while (children.some((pid) => signal(pid, 0)) && performance.now() < deadline) await sleep(100);
  for (const pid of children) signal(pid, 'SIGKILL'); // Redis refuses to stop where it cannot save its data
});

/** @returns whether the process is there */
const signal = (pid: number, what: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(pid, what);
  } catch {
    return false;
  }
};
