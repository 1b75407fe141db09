// A folder of a test's own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterwards, type Cleanup } from './ends.ts';

/** Makes a folder that is removed after the test. @param name a part of its name */
export const temporaryFolder = async (t: Cleanup, name: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), `counter-${name}-`));
  // More than once, for what a test has started and not waited for may still write into it.
  afterwards(t, () => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
};
