// Where tests run: on this machine as it is, and in private Docker Engines.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Worker } from './run.ts';

/** On this machine as it is. */
export const HERE: Worker = { within: [], env: {} };

/**
 * The running engine or, where tools/with-engine made a private one, three of them: each has names, ports and
 * networks of its own, so that what they run does not meet.
 */
export const engines = (env: NodeJS.ProcessEnv): Worker[] => {
  const first = env['ENGINE_DIR'];
  if (first === undefined) return [HERE];
  const more = Array.from({ length: LANES - 1 }, (_, i) => beside(first, i + 2, env));
  return [{ within: ENTER, env: {}, open: () => run(UP, env) }, ...more];
};

const LANES = 3;

// Does nothing if the engine responds. A dockerd that crashed must not cost more than the file that ran in it.
const UP = 'tools/engine/up';

const ENTER = ['tools/engine/exec'];

const beside = (first: string, lane: number, all: NodeJS.ProcessEnv): Worker => {
  const env = { ENGINE_DIR: `${first}-lane-${lane}`, PACKAGES_OF: first };
  const call = (script: string) => run(script, { ...all, ...env });
  return { within: ENTER, env, open: () => call(UP), close: () => call('tools/engine/down') };
};

const run = async (script: string, env: NodeJS.ProcessEnv): Promise<void> => {
  const child = spawn(script, { stdio: ['ignore', 'ignore', 'inherit'], env });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
};
