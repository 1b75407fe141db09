// Why a container that knows the name and the way is not served: each cause that lies in the server.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { docker, noEngine } from './support/engine.ts';
import { applyRemedies, ask, BACK, clean, fails, IDLE, prepare, run, runRedis, WEB } from './support/why.ts';

const CLOSING = "require('node:net').createServer((socket) => socket.end()).listen(6379)";
const SLOW = '--enable-debug-command yes --key-load-delay 2000 --loading-process-events-interval-bytes 1024';

describe('counter why, of servers', { skip: noEngine() }, () => {
  before(async () => {
    await prepare();
    await Promise.all([
      run('asking', ...BACK, ...IDLE),
      runRedis('plain', BACK),
      runRedis('loopback', BACK, '--bind', '127.0.0.1'),
      runRedis('locked', BACK, '--requirepass', 'secret'),
      runRedis('loading', BACK, ...SLOW.split(' ')),
      run('impostor', ...BACK, '--env', 'PORT=6379', WEB),
      run('closing', ...BACK, '--init', WEB, 'node', '--eval', CLOSING),
    ]);
  });
  after(clean);

  test('refused: the server is down', async () => {
    const { openPorts } = await fails('asking', 'why-asking:6379', 'refused');
    assert.deepEqual(openPorts, []);
  });

  test('refused: the wrong port, and which one is open', async () => {
    const { failure, openPorts } = await fails('asking', 'why-plain:6380', 'refused');
    assert.deepEqual(openPorts, [6379]);
    assert.equal(failure?.remedies[0]?.command, 'counter why why-plain:6379');
  });

  test('refused: bound to loopback, which the suggested command shows', async () => {
    const { failure } = await fails('asking', 'why-loopback:6379', 'refused');
    const [, ...command] = failure?.remedies[0]?.command.split(' ') ?? [];
    assert.equal(command.join(' '), 'exec why-loopback netstat -ltn');
    assert.match(await docker(...command), /127\.0\.0\.1:6379 .*LISTEN/);
  });

  test('responds, but is not Redis', () => eventually(() => fails('asking', 'why-impostor:6379', 'not redis')));

  test('closes the connection', () => eventually(() => fails('asking', 'why-closing:6379', 'closed')));

  test('asks for a password, and takes the one in the URL', async () => {
    await fails('asking', 'redis://why-locked', 'password');
    await fails('asking', 'redis://:wrong@why-locked', 'password');
    assert.equal((await ask('asking', 'redis://:secret@why-locked')).reachable, true);
  });

  test('is loading its data', async () => {
    const inRedis = (...args: string[]) => docker('exec', 'why-loading', 'redis-cli', ...args);
    await inRedis('eval', "for i = 1, 3000 do redis.call('SET', 'record:' .. i, ('x'):rep(100)) end", '0');
    await eventually(async () => {
      const loaded = inRedis('debug', 'reload'); // takes 3000 times 2 ms, and replies between them
      await fails('asking', 'redis://why-loading', 'loading').finally(() => loaded);
    });
    assert.equal((await ask('asking', 'redis://why-loading')).reachable, true);
  });

  test('is silent while it is paused', async () => {
    await docker('pause', 'why-plain');
    const why = await fails('asking', 'redis://why-plain', 'silent');
    await applyRemedies(why, (command) => command.includes('unpause'));
    assert.equal((await ask('asking', 'redis://why-plain')).reachable, true);
  });
});
