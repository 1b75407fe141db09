// Ports for programs that cannot choose one: none is handed out twice, even to processes that ask at the same time, and a crash leaves none reserved.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { freePort, freePorts, isFree } from '@container-counter/network/free-ports';
import { start } from '@container-counter/testing/process';

const PROCESSES = 6;
const SINGLE = 60;

/** A process that reserves ports, one by one and in rows, prints them, and keeps running. */
const startAsker = (t: TestContext) => {
  const program = start(t, process.execPath, [
    '--input-type=module',
    '--eval',
    `import { freePort, freePorts } from '@container-counter/network/free-ports';
    const single = await Promise.all(Array.from({ length: ${SINGLE} }, freePort));
    const rows = await Promise.all([5, 9, 2, 9].map(freePorts));
    console.log(JSON.stringify({ single, rows }));
    setInterval(() => {}, 60_000);`,
  ]);
  const reserved = program.line(/^{/).then((line) => JSON.parse(line) as { single: number[]; rows: number[][] });
  return { program, reserved };
};

test('several processes at once are given hundreds of ports, none of them twice', async (t) => {
  const askers = Array.from({ length: PROCESSES }, () => startAsker(t));
  const reserved = await Promise.all(askers.map((asker) => asker.reserved));
  const ports = reserved.flatMap(({ single, rows }) => [...single, ...rows.flat()]);
  assert.equal(ports.length, PROCESSES * (SINGLE + 25));
  assert.equal(new Set(ports).size, ports.length);
  for (const { rows } of reserved) {
    assert.deepEqual(
      rows,
      [5, 9, 2, 9].map((count, i) => Array.from({ length: count }, (_, j) => (rows[i]?.[0] ?? 0) + j)),
    );
  }
});

test('what a killed process held is free again at once', async (t) => {
  const { program, reserved } = startAsker(t);
  const { single } = await reserved;
  const held = new Set(single.map((port) => port - (port % 10)));
  const areFree = async () => new Set(await Promise.all([...held].map(isFree)));
  assert.deepEqual(await areFree(), new Set([false]));
  await program.stop('SIGKILL');
  assert.deepEqual(await areFree(), new Set([true]));
});

test('no outgoing connection can take one', async (t) => {
  const file = '/proc/sys/net/ipv4/ip_local_port_range';
  if (process.platform !== 'linux') return t.skip('only Linux tells, in /proc');
  const first = Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (first < 13_000) return t.skip(`outgoing connections get ports from ${first} on here, so hardly any is left`);
  assert.ok((await freePort()) < first);
});

for (const host of ['127.0.0.1', '::1', '0.0.0.0']) {
  test(`a port is passed over where somebody listens on ${host}`, async (t) => {
    const [port = 0] = await freePorts(1);
    const server = createServer().listen(port + 1, host);
    await once(server, 'listening');
    t.after(() => server.close());
    assert.equal(await isFree(port + 1), false);
    assert.notEqual(await freePort(), port + 1);
  });
}

test('a row is at most as long as a block', async () => {
  assert.throws(() => freePorts(10), RangeError);
});
