// What processes have used so far, as Linux tells in /proc.
import { readdirSync, readFileSync } from 'node:fs';

/** The processes `pids`, and all that they have started. */
export const withChildren = (pids: readonly number[]): number[] =>
  pids.flatMap((pid) => {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    return [pid, ...withChildren(children)];
  });

/** CPU time of all of them together, user and system, in microseconds; the kernel counts in steps of 10 000. */
export const cpuTime = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) * MICROSECONDS_PER_TICK;
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

const MICROSECONDS_PER_TICK = 10_000; // USER_HZ is 100 on every architecture that Node runs on
