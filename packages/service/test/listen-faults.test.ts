// Where a server cannot listen, the sentence names the variable to change.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import test, { type TestContext } from 'node:test';
import { ConfigError } from '@container-counter/service/environment';
import { listen } from '@container-counter/service/lifecycle';

const newServer = (t: TestContext): Server => {
  const server = createServer();
  t.after(() => server.close());
  return server;
};

test('port 0 lets the system choose, and the choice is returned', async (t) => {
  const server = newServer(t);
  const port = await listen(server, 0, '127.0.0.1');
  assert.deepEqual(server.address(), { address: '127.0.0.1', family: 'IPv4', port });
});

test('a port that is taken', async (t) => {
  const port = await listen(newServer(t), 0, '127.0.0.1');
  await assert.rejects(listen(newServer(t), port, '127.0.0.1'), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.equal(error.message, `PORT=${port} is taken by another program; set PORT to a free one.`);
    return true;
  });
});

// 192.0.2.0/24 is kept for documentation (RFC 5737), so that no machine has such an address.
test('an address that this machine does not have', async (t) => {
  await assert.rejects(listen(newServer(t), 0, '192.0.2.1'), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.equal(
      error.message,
      'BIND_ADDRESS=192.0.2.1 is not an address of this machine; set BIND_ADDRESS to one, or leave it out.',
    );
    return true;
  });
});

test('a later error of the server is not swallowed', async (t) => {
  const server = newServer(t);
  await listen(server, 0, '127.0.0.1');
  assert.throws(() => server.emit('error', new Error('accept failed')), /accept failed/);
});
