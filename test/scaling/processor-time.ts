// How much processor time processes have used, as Linux counts it.
import { readFileSync } from 'node:fs';

/** Seconds that the process has used since its start, in user and system mode (proc(5), fields 14 and 15). */
export const processorSeconds = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before it may have blanks
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
};

const TICKS = 100; // USER_HZ, which Linux shows to programs whatever the kernel counts in
