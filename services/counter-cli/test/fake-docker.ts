// A `docker` on a path of its own, which writes down how it was called and prints what the test says.
import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Cleanup } from '@container-counter/testing/ends';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';

export type FakeDocker = {
  readonly env: Readonly<Record<string, string>>;
  /** The arguments of each call so far, without the questions whether Docker is there. */
  readonly calls: () => Promise<string[]>;
  /** Whether a branch has made the file `$0.name`. */
  readonly has: (name: string) => boolean;
};

/**
 * @param cases the branches of a shell `case "$*" in`, by the arguments
 * @param version of the engine, with its name @param compose that of Compose
 */
export const fakeDocker = async (
  t: Cleanup,
  cases: string,
  version = 'Engine 28.5.2',
  compose = '2.40.3',
): Promise<FakeDocker> => {
  const folder = await temporaryFolder(t, 'docker');
  const log = join(folder, 'calls');
  const script = `#!/bin/sh
case "$*" in "version "*) echo '${version}'; exit 0;; "compose version"*) echo '${compose}'; exit 0;; esac
echo "$*" >>'${log}'
case "$*" in
${cases}
esac
`;
  await writeFile(log, '');
  await writeFile(join(folder, 'docker'), script);
  await chmod(join(folder, 'docker'), 0o755);
  return {
    env: { PATH: [folder, '/usr/bin', '/bin'].join(delimiter) },
    calls: async () => (await readFile(log, 'utf8')).split('\n').filter(Boolean),
    has: (name) => existsSync(join(folder, `docker.${name}`)),
  };
};
