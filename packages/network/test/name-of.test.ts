// What the resolver calls an address, from a resolver of the test's own.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import test, { type TestContext } from 'node:test';
import { nameOf } from '@container-counter/network/addresses';

const HEAD_BYTES = 12; // of a DNS message (RFC 1035, 4.1.1)

const encoded = (name: string): Buffer =>
  Buffer.concat(
    name
      .split('.')
      .map((label) => Buffer.from([label.length, ...Buffer.from(label)]))
      .concat(Buffer.of(0)),
  );

/** A name server that answers each question with what `name` gives for it: a name, no such name (null), or nothing at all (undefined). */
const startResolver = async (t: TestContext, name: (question: string) => string | null | undefined) => {
  const socket = createSocket('udp4', (query, peer) => {
    const end = query.indexOf(0, HEAD_BYTES) + 5;
    const question = query.subarray(HEAD_BYTES, end);
    const answer = name(labels(question));
    if (answer === undefined) return;
    const rdata = answer === null ? Buffer.of() : encoded(answer);
    const record = Buffer.concat([Buffer.from('c00c000c00010000003c00', 'hex'), Buffer.of(rdata.length), rdata]);
    const header = Buffer.concat([query.subarray(0, 2), Buffer.from(answer ? '8180' : '8183', 'hex')]);
    const counts = Buffer.from(answer ? '0001000100000000' : '0001000000000000', 'hex');
    socket.send(Buffer.concat([header, counts, question, answer ? record : Buffer.of()]), peer.port, peer.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.after(() => socket.close());
  return [`127.0.0.1:${socket.address().port}`];
};

const labels = (question: Buffer): string => {
  const found: string[] = [];
  for (let at = 0; question[at]; at += (question[at] ?? 0) + 1) {
    found.push(question.toString('latin1', at + 1, at + 1 + (question[at] ?? 0)));
  }
  return found.join('.');
};

test('a container of a user-defined network has the name of its container', async (t) => {
  const queries: string[] = [];
  const servers = await startResolver(t, (question) => {
    queries.push(question);
    return 'project-web-2.frontend-network';
  });
  assert.equal(await nameOf('172.18.0.4', 5000, servers), 'project-web-2');
  assert.deepEqual(queries, ['4.0.18.172.in-addr.arpa']);
});

for (const [full, name] of [
  ['web.1.backend-network', 'web.1'],
  ['web.2.backend-network', 'web.2'],
  ['shop_web.2.kx9v1o3c0dq7o1mqkm1y3xw5n.shop_backend-network', 'shop_web.2.kx9v1o3c0dq7o1mqkm1y3xw5n'],
  ['web-1.dns.podman', 'web-1'],
] as const) {
  test(`${full} is ${name}`, async (t) => {
    assert.equal(await nameOf('172.18.0.4', 5000, await startResolver(t, () => full)), name);
  });
}

test('a name without a network is none of a container, but where it may be', async (t) => {
  const servers = await startResolver(t, () => 'web-1');
  assert.equal(await nameOf('172.18.0.4', 5000, servers), undefined);
  assert.equal(await nameOf('172.18.0.4', 5000, servers, true), 'web-1');
});

// The hosts file names 127.0.0.1, as Docker's names a container's own address, with its id.
test('the hosts file is not asked', async (t) => {
  const servers = await startResolver(t, () => 'from-the-resolver.net');
  assert.equal(await nameOf('127.0.0.1', 5000, servers), 'from-the-resolver');
});

test('an address without a name', async (t) => {
  const servers = await startResolver(t, () => null);
  assert.equal(await nameOf('172.18.0.4', 5000, servers), undefined);
});

test('a resolver that does not respond in time', { timeout: 5000 }, async (t) => {
  const servers = await startResolver(t, () => undefined);
  assert.equal(await nameOf('172.18.0.4', 50, servers), undefined);
});

for (const address of ['::1', 'web1', '']) {
  test(`"${address}" is no IPv4 address`, async (t) => {
    const servers = await startResolver(t, () => 'never.asked');
    assert.equal(await nameOf(address, 5000, servers), undefined);
  });
}
