// The watchdog process: stops the children of `up local` when that died without doing so, as by SIGKILL.
import { createInterface } from 'node:readline';

// Each line of standard input lists the running children. It ends when the parent does, which leaves an empty list if it
// has stopped them all itself.
let children: readonly number[] = [];
const lines = createInterface(process.stdin);
lines.on('line', (line) => {
  children = line.split(' ').filter(Boolean).map(Number);
});
lines.on('close', () => {
  for (const pid of children) end(pid);
});

const end = (pid: number): void => {
  try {
    process.kill(pid, 'SIGTERM');
    process.kill(pid, 'SIGCONT'); // an audit may have paused it
  } catch {
    // It has already exited.
  }
};
