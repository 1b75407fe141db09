import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { corkUntilNextTurn } from '@container-counter/service/cork';

test('what is written within one turn of the event loop goes out in one write', async () => {
  const writes: string[][] = [];
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      writes.push([chunk]);
      done();
    },
    writev: (chunks, done) => {
      writes.push(chunks.map(({ chunk }) => chunk));
      done();
    },
  });
  for (const text of ['one', 'two']) {
    corkUntilNextTurn(stream);
    stream.write(text);
  }
  await Promise.resolve();
  corkUntilNextTurn(stream);
  stream.write('three');
  await turn();
  await turn();
  corkUntilNextTurn(stream);
  stream.write('four');
  await turn();
  await turn();
  stream.write('five');
  assert.deepEqual(writes, [['one', 'two', 'three'], ['four'], ['five']]);
});
