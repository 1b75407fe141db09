// Runs groups of tests, each in its own process, several at the same time, and counts the outcomes.
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

export type Group = {
  readonly name: string;
  /** Its test files, from the root of the repository. They run in one process, one after the other. */
  readonly files: readonly string[];
  /** In milliseconds: for each test, and for all of them with their process. */
  readonly timeout: { readonly test: number; readonly group: number };
};

/** Runs groups, one after the other, at its place: on this machine as it is, or in an engine of its own. */
export type Worker = {
  /** Stands before each command. */
  readonly within: readonly string[];
  /** Variables for each command. */
  readonly env: Readonly<Record<string, string>>;
  /** Prepares the place, or recreates it if it broke. Called before each group. */
  readonly open?: () => Promise<void>;
  /** Takes it away after the last group, also where `open` failed. */
  readonly close?: () => Promise<void>;
};

/** Groups that are started in this order, each by the first worker that is free. */
export type Lane = { readonly workers: readonly Worker[]; readonly groups: readonly Group[] };

export type Outcome = {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** As they were reported, with the reasons. The summary leaves out whole suites, so it is not asked. */
  readonly skipped: readonly string[];
  readonly seconds: number;
  /** Why the group failed, also where each of its tests passed. */
  readonly fault?: string;
  readonly output: string;
};

/**
 * Runs all lanes at the same time, and the groups of each in their order.
 * @param done is called with each outcome as it comes
 * @param stop ends what runs, and starts nothing more
 */
export const runLanes = async (
  lanes: readonly Lane[],
  done: (outcome: Outcome) => void,
  stop: AbortSignal,
): Promise<void> => {
  await Promise.all(
    lanes.flatMap(({ workers, groups }) => {
      const queue = [...groups];
      return workers.map((worker) => runWorker(worker, queue, done, stop));
    }),
  );
};

const runWorker = async (
  worker: Worker,
  queue: Group[],
  done: (outcome: Outcome) => void,
  stop: AbortSignal,
): Promise<void> => {
  try {
    while (queue.length > 0 && !stop.aborted) {
      await worker.open?.(); // before a group is taken: if it fails, another worker takes that group
      const group = queue.shift();
      if (group !== undefined) done(await runGroup(group, worker, stop));
    }
  } catch (error) {
    done({
      name: worker.within.join(' '),
      passed: 0,
      failed: 0,
      skipped: [],
      seconds: 0,
      fault: `${error}`,
      output: '',
    });
  } finally {
    await worker.close?.();
  }
};

const CACHE = new URL('../../node_modules/.cache/compiled', import.meta.url).pathname;

const runGroup = async (
  { name, files, timeout }: Group,
  { within, env }: Worker,
  stop: AbortSignal,
): Promise<Outcome> => {
  const begin = performance.now();
  const flags = ['--test', '--test-isolation=none', '--test-reporter=spec', `--test-timeout=${timeout.test}`];
  // With a process group of its own, so that what its tests have started can be ended with it.
  const [command = '', ...args] = [...within, process.execPath, ...flags, ...files];
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: {
      NODE_COMPILE_CACHE: CACHE, // the tests start hundreds of processes, from the same sources
      ...process.env,
      ...env,
      NODE_TEST_CONTEXT: undefined, // or, below another test, it would speak to that one's runner
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  let fault: string | undefined;
  const end = (why: string, signal: NodeJS.Signals) => {
    fault = why;
    signalAll(child, signal);
  };
  const stopped = () => end('stopped', 'SIGTERM');
  stop.addEventListener('abort', stopped);
  const minutes = timeout.group / 60_000;
  const late = () => end(`not done after ${minutes} minutes: something hangs, or was left open`, 'SIGKILL');
  const timer = setTimeout(late, timeout.group);
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
    child.once('error', (error) => {
      fault = String(error);
      resolve(null);
    });
  });
  clearTimeout(timer);
  stop.removeEventListener('abort', stopped);
  if (await leavesProcesses(child)) fault ??= 'its tests left processes behind';
  if (code !== 0) fault ??= `ended with ${code ?? child.signalCode}`;
  const count = (what: string) => countOf(what, output);
  const skippedLines = output.split('\n').filter((line) => /^\s*﹣ /.test(line));
  return {
    name,
    passed: count('pass'),
    failed: count('fail') + count('cancelled'),
    skipped: skippedLines,
    seconds: (performance.now() - begin) / 1000,
    ...(fault === undefined ? {} : { fault }),
    output,
  };
};

/** What the summary at the end says; the last one, for a test may show that of another run. */
const countOf = (what: string, output: string): number =>
  Number([...output.matchAll(new RegExp(`^ℹ ${what} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);

/** Ends what is left of the process group, after a moment in which it may end by itself. */
const leavesProcesses = async (child: ChildProcess): Promise<boolean> => {
  if (await isGone(child)) return false;
  signalAll(child, 'SIGKILL');
  await isGone(child);
  return true;
};

const isGone = async (child: ChildProcess): Promise<boolean> => {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (!signalAll(child, 0)) return true;
    await pause(100);
  }
  return false;
};

/** Sends `signal` to the process group. @returns whether there was anybody in it */
const signalAll = ({ pid }: ChildProcess, signal: NodeJS.Signals | 0): boolean => {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
};
