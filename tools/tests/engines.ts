// Where tests run: on this machine as it is, and in private Docker Engines.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Worker } from './run.ts';

/** On this machine as it is. */
export const HERE: Worker = { within: [], env: {} };

/**
 * The running engine or, where tools/with-engine made a private one, four of them: each has names, ports and
 * networks of its own, so that what they run does not meet.
 */
export const engines = (env: NodeJS.ProcessEnv): Worker[] => {
  const first = env['ENGINE_DIR'];
  if (first === undefined) return [HERE];
  const folders = Array.from({ length: LANES - 1 }, (_, i) => `${first}-lane-${i + 2}`);
  let copied: Promise<void> | undefined;
  // Before any of them is used: the first one is stopped meanwhile.
  const copy = () => {
    copied ??= run(['tools/engine/copy', ...folders], env);
    return copied;
  };
  const open = (all: NodeJS.ProcessEnv) => async () => {
    await copy();
    await run([UP], all);
  };
  const beside = (folder: string): Worker => {
    const own = { ENGINE_DIR: folder, PACKAGES_OF: first };
    const all = { ...env, ...own };
    return { within: ENTER, env: own, open: open(all), close: () => run(['tools/engine/down'], all) };
  };
  return [{ within: ENTER, env: {}, open: open(env) }, ...folders.map(beside)];
};

const LANES = 4;

// Does nothing if the engine responds. A dockerd that crashed must not cost more than the file that ran in it.
const UP = 'tools/engine/up';

const ENTER = ['tools/engine/exec'];

const run = async ([command = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<void> => {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
};
