// Starts the watchdog, and keeps it informed of the children.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Watch = { readonly children: (pids: readonly number[]) => void; readonly close: () => void };

export const startWatchdog = (): Watch => {
  const program = fileURLToPath(new URL('watchdog.ts', import.meta.url));
  // In its own process group, so that Ctrl-C does not reach it.
  const { stdin } = spawn(process.execPath, [program], {
    detached: true,
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  stdin.on('error', () => {}); // without a watchdog the children are still stopped in order
  return {
    children: (pids) => stdin.write(`${pids.join(' ')}\n`),
    close: () => stdin.end(),
  };
};
