// Each service responds, keeps its memory, and ends in time when the program that takes its log has stopped reading.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import test from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import { eventually } from '@container-counter/testing/eventually';
import { residentMemory } from '@container-counter/testing/processes';

const BATCHES = 200;
const BATCH = 50; // 10 000 lines of more than 150 bytes: more than a pipe and the bound of the log together
const PROBE = { web: '/healthz', proxy: '/-/healthz' } as const;

for (const [name, path] of Object.entries(PROBE)) {
  test(name, { timeout: 120_000 }, async (t) => {
    const port = await freePort();
    const main = new URL(`../services/${name}/src/main.ts`, import.meta.url).pathname;
    const env = { PORT: `${port}`, BIND_ADDRESS: '127.0.0.1', LOG_LEVEL: 'debug', DRAIN_MS: '0' };
    const child = spawn(process.execPath, [main], {
      env: { ...env, REDIS_URL: 'redis://127.0.0.1:1', UPSTREAMS: '127.0.0.1:1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => child.kill('SIGKILL'));
    const agent = new Agent({ keepAlive: true, maxSockets: 10 });
    t.after(() => agent.destroy());
    const ask = async (): Promise<void> => {
      const requested = request({ port, host: '127.0.0.1', path, agent });
      requested.end();
      const [response] = await once(requested, 'response');
      response.resume();
      await once(response, 'end');
    };
    await eventually(ask);
    const before = residentMemory([child.pid as number]);
    for (let i = 0; i < BATCHES; i++) await Promise.all(Array.from({ length: BATCH }, ask));
    const mebibytes = (residentMemory([child.pid as number]) - before) / 2 ** 20;
    assert.ok(mebibytes < 80, `it took ${mebibytes} MiB more`);

    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    assert.equal(code, 0);
  });
}
