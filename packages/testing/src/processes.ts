// The CPU time, memory and open files of processes, from /proc.
import { readdirSync, readFileSync } from 'node:fs';

/** The processes `pids`, and all that they have started. */
export const withChildren = (pids: readonly number[]): number[] =>
  pids.flatMap((pid) => {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    return [pid, ...withChildren(children)];
  });

/** CPU time of all of them together, user and system, in microseconds. */
export const cpuTime = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + ofAllThreads(pid), 0);

// `stat` counts in ticks of 10 ms, which is more than a short measurement has; `schedstat` in nanoseconds, but of each
// thread that lives. Those of Node and Redis live as long as their process.
const ofAllThreads = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
    const [nanoseconds] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    return sum + Number(nanoseconds) / 1000;
  }, 0);

/** Resident memory of all of them together, in bytes. */
export const residentMemory = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return sum + Number(kib) * 1024;
  }, 0);

/** How many files they have open, with their sockets. */
export const openFiles = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0);
