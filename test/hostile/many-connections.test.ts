// Ten thousand idle and slow connections: ordinary requests are still served, and the limits cut the rest.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { openFiles, residentMemory } from '@container-counter/testing/processes';
import { get } from './support/case.ts';
import { converse } from './support/converse.ts';
import { each } from './support/pool.ts';
import { startOurs } from './support/servers.ts';
import { connectionsOf, mostFiles, noProc } from './support/system.ts';

const WANTED = 10_000;
const SPARE_FILES = 500; // for what a process has open besides

const SENT: readonly string[] = ['', 'GET /', get().slice(0, -2), get('Connection: keep-alive')];
const SERVED = 3; // the place of the only complete request: it is served, and its connection idle

test('10 000 idle and slow connections', { skip: noProc }, async (t) => {
  const most = Math.min(WANTED, mostFiles() - SPARE_FILES);
  if (most < WANTED) t.diagnostic(`Only ${mostFiles()} files may be open here, so these are ${most} connections.`);
  const { port, program, cut, files, memory } = await openAll(t, most);
  const pid = program.child.pid as number;

  await each(Array(200).keys(), 10, async () => {
    const { responses, open } = await converse(port, get());
    assert.deepEqual([responses.map(({ status }) => status), open], [[200], true]);
  });
  assert.ok(connectionsOf(port) >= most, 'while all of them were there');

  await Promise.all(cut);
  const slow = Array.from({ length: most }, (_, i) => i % SENT.length).filter((place) => place !== SERVED).length;
  const refusals = () => program.lines.filter((line) => /"status":408,.*"message":"rejected input"/.test(line)).length;
  await eventually(() => assert.equal(refusals(), slow, 'the log says of each slow one that it was cut'));
  await eventually(() =>
    assert.ok(openFiles([pid]) < files + 100, `${openFiles([pid])} files are open, and before ${files}`),
  );
  assert.ok(
    residentMemory([pid]) < memory + 400 * 2 ** 20,
    `${residentMemory([pid])} bytes are taken, and before ${memory}`,
  );
  // Again where this process had to wait for longer than the limits.
  await eventually(async () => assert.equal((await converse(port, get())).open, true));
});

/** Opens `most` connections to a proxy whose limits give a machine as fast as this one the time for it. */
const openAll = async (t: TestContext, most: number) => {
  for (let limit = 8000; ; limit *= 2) {
    const limits = { HEADER_TIMEOUT_MS: `${limit}`, IDLE_TIMEOUT_MS: `${limit + 2000}` };
    const { port, program } = await startOurs(t, limits);
    const pid = program.child.pid as number;
    await converse(port, get());
    const [files, memory] = [openFiles([pid]), residentMemory([pid])];

    const sockets: Socket[] = [];
    const destroyAll = () => {
      for (const socket of sockets) socket.destroy();
    };
    t.after(destroyAll);
    const cut: Promise<unknown>[] = [];
    const start = performance.now();
    await each(Array(most).keys(), 50, async (i) => {
      const socket = connect({ port, host: '127.0.0.1' }).on('error', () => {});
      sockets.push(socket);
      const closed = once(socket.resume(), 'close');
      await Promise.race([once(socket, 'connect'), closed]);
      cut.push(closed);
      socket.write(SENT[i % SENT.length] ?? '');
      if (i % SENT.length === SERVED) await Promise.race([once(socket, 'data'), closed]);
    });
    // The first are cut at the limit: half of that time is left for the requests to serve while all of them are open.
    if (performance.now() - start > limit / 2 && limit < LONGEST_LIMIT_MS) {
      destroyAll();
      await program.stop();
      continue;
    }
    await eventually(() => assert.equal(connectionsOf(port), most, 'all are there at once'), { timeout: limit / 4 });
    return { port, program, cut, files, memory };
  }
};

const LONGEST_LIMIT_MS = 60_000;
