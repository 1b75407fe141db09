// A copy of this project in a folder of its own, whose sources a test may edit.
import { execFileSync } from 'node:child_process';
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cleanup } from '@container-counter/testing/ends';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';

export type Clone = {
  readonly folder: string;
  /** The arguments of Node that run its `counter`. */
  readonly counter: string;
  /** Replaces `text`, which must be there. */
  readonly edit: (file: string, text: string, by: string) => Promise<void>;
};

/** Copies what git knows, and new files; the installed packages are those of the original. */
export const cloneProject = async (t: Cleanup): Promise<Clone> => {
  const folder = await temporaryFolder(t, 'clone');
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
  const files = listed.toString().trim().split('\n');
  const needed = files.filter((file) => !/^(?:bench|docs|labs|test)\/|\/test\//.test(file));
  await Promise.all(needed.map((file) => cp(join(ROOT, file), join(folder, file))));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const edit = async (file: string, text: string, by: string) => {
    const path = join(folder, file);
    const before = await readFile(path, 'utf8');
    if (!before.includes(text)) throw new Error(`${file} has no ${text}`);
    await writeFile(path, before.replace(text, by));
  };
  return { folder, counter: join(folder, 'services/counter-cli/src/main.ts'), edit };
};

const ROOT = new URL('../..', import.meta.url).pathname;
