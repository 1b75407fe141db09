// The `counter` of the images, as its own process: what it prints, and how it ends.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { freePort } from '@container-counter/network/free-ports';

const MAIN = new URL('../src/main.ts', import.meta.url).pathname;

const counter = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

test('why ends with 1 for what is not reachable, and says how far it got', async () => {
  const port = await freePort();
  const text = counter('why', `127.0.0.1:${port}`);
  assert.match(text.stdout, new RegExp(`^4 connection {2}to port ${port}: refused$`, 'm'));
  assert.equal(text.status, 1);
  const json = counter('why', `127.0.0.1:${port}`, '--json');
  assert.equal(JSON.parse(json.stdout).failure.kind, 'refused');
  assert.equal(json.status, 1);
});

test('inspect shows what there is, and the paths that it is asked for', async () => {
  const { status, stdout } = counter('inspect', '--json', `127.0.0.1:${await freePort()}`);
  const { interfaces, paths } = JSON.parse(stdout);
  assert.ok(interfaces.some(({ address }: { address: string }) => address === '127.0.0.1'));
  assert.equal(paths[0].reachable, false);
  assert.equal(status, 0);
  assert.match(counter('inspect').stdout, /^interfaces {2}lo 127\.0\.0\.1$/m);
});

for (const args of [[], ['why'], ['why', 'a', 'b'], ['why', 'db', '--fast'], ['hit'], ['why', 'http://web']]) {
  test(`wrong usage: counter ${args.join(' ')}`, () => {
    const { status, stdout, stderr } = counter(...args);
    assert.equal(stdout, '');
    assert.match(stderr, /counter why HOST|--fast|HOST:PORT/);
    assert.equal(status, 2);
  });
}

test('help', () => assert.match(counter('--help').stdout, /^Usage: counter why HOST\[:PORT\]/));
