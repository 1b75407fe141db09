// A copy of the project in which lessons run, in an engine that is cut off from any network outside.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, type Ended } from '../../../services/counter-cli/test/cli.ts';
import { docker } from './engine.ts';
import { cutOutbound } from './outbound.ts';

export type LabProject = {
  readonly folder: string;
  /** Whether the engine is cut off, which only the private one can be. */
  readonly cutOff: boolean;
  /** `counter lab` with these arguments. */
  readonly lab: (...args: string[]) => Promise<Ended>;
  /** The same, with another `docker` first on the path: a shell script that finds the real one in $docker. */
  readonly labWith: (script: string, ...args: string[]) => Promise<Ended>;
  /** Runs the lesson `file`, and compares the engine and the folder before and after. */
  readonly runsAndLeavesNothing: (file: string) => Promise<void>;
  /** The containers, networks, volumes and files that are there. */
  readonly there: () => Promise<unknown>;
  readonly end: () => Promise<void>;
};

const ROOT = new URL('../../..', import.meta.url).pathname;

const env = {
  ...(process.env as Record<string, string>),
  PATH: `${ROOT}node_modules/.bin:${process.env['PATH']}`,
};

export const createLabProject = async (): Promise<LabProject> => {
  // A copy: lesson 3 keeps data in the folder .data, where somebody may have data already.
  const folder = await mkdtemp(join(tmpdir(), 'counter-labs-'));
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
  for (const file of files.toString().trim().split('\n')) await cp(join(ROOT, file), join(folder, file));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  // Packages are fetched here; later builds find them in the cache.
  for (const target of ['web', 'proxy', 'cli']) await docker('build', '--target', target, folder);
  const restore = await cutOutbound();

  const lab = (...args: string[]) => cli(['lab', ...args], { env });
  const labWith = async (script: string, ...args: string[]) => {
    const bin = await mkdtemp(join(tmpdir(), 'counter-labs-bin-'));
    const real = execFileSync('sh', ['-c', 'command -v docker']).toString().trim();
    await writeFile(join(bin, 'docker'), `#!/bin/sh\ndocker='${real}'\n${script}`, { mode: 0o755 });
    try {
      return await cli(['lab', ...args], { env: { ...env, PATH: `${bin}:${env.PATH}` } });
    } finally {
      await rm(bin, { recursive: true });
    }
  };
  const there = async () => ({
    containers: await docker('ps', '--all', '--format', '{{.Names}}'),
    networks: await docker('network', 'ls', '--format', '{{.Name}}'),
    volumes: await docker('volume', 'ls', '--format', '{{.Name}}'),
    files: (await readdir(folder)).toSorted(),
  });
  let last: unknown; // what is there, as a lesson has left it
  return {
    folder,
    cutOff: restore !== undefined,
    lab,
    labWith,
    runsAndLeavesNothing: async (file) => {
      const before = last ?? (await there());
      const { code, out, err } = await lab('run', join(folder, file));
      assert.deepEqual({ code, err }, { code: 0, err: '' });
      if (restore !== undefined) assert.doesNotMatch(out, /\(skipped/); // the private engine can run every command
      last = await there();
      assert.deepEqual(last, before);
    },
    there,
    end: async () => {
      await restore?.();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
