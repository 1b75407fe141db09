// A service that is being developed reloads when its source changes, whatever the change before it was.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import { eventually } from '@container-counter/testing/eventually';
import { start } from '@container-counter/testing/process';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';

const RELOAD = new URL('../packages/service/src/reload.ts', import.meta.url).pathname;

const serving = (version: string) => `import { createServer } from 'node:http';
const server = createServer((_req, res) => res.setHeader('Connection', 'close').end('${version}'));
server.listen(process.env.PORT);
process.once('SIGTERM', () => server.close(() => process.exit(0)));
setInterval(() => {}, 1000);
`; // a connection to Redis keeps the real ones running
const HANGS = "console.log('it hangs'); setInterval(() => {}, 1000);";

const startReloading = async (t: TestContext) => {
  const folder = join(await temporaryFolder(t, 'reload'), 'src');
  await mkdir(folder);
  const port = await freePort();
  const save = (source: string) => writeFile(join(folder, 'main.mjs'), source);
  await save(serving('first'));
  const program = start(t, process.execPath, [RELOAD, join(folder, 'main.mjs')], { PORT: `${port}` });
  const serves = (version: string) =>
    eventually(async () => {
      const response = await fetch(`http://127.0.0.1:${port}`, { signal: AbortSignal.timeout(5000) });
      assert.equal(await response.text(), version);
    });
  await serves('first');
  return { program, save, serves };
};

test('code that hangs at its start holds up neither the next change nor the end', async (t) => {
  const { program, save, serves } = await startReloading(t);
  await save(HANGS);
  await program.line(/^it hangs$/);
  await save(serving('second'));
  await serves('second');
  assert.equal(await program.stop(), 0);
});

test('it ends while code hangs', async (t) => {
  const { program, save, serves } = await startReloading(t);
  await save(HANGS);
  await program.line(/^it hangs$/);
  await serves('first');
  assert.equal(await program.stop(), 0);
});
