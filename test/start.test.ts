// A start loads nothing that no service uses: it is a fifth of a second of CPU time, for each replica and each roll-out.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

// The variable is refused when all is loaded.
const LIST = `process.once('exit', () => console.log(process.moduleLoadList.filter((name) => /undici/.test(name))));
process.env.PORT = 'none';
await import(process.argv[1]);`;

for (const name of ['web', 'proxy']) {
  test(`${name} does not load Node's own fetch`, async () => {
    const main = new URL(`../services/${name}/src/main.ts`, import.meta.url).href;
    const ended = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', LIST, main]).catch(
      (error: { readonly code: number; readonly stdout: string }) => error,
    );
    assert.deepEqual({ code: 'code' in ended ? ended.code : 0, stdout: ended.stdout }, { code: 2, stdout: '[]\n' });
  });
}
