// Lines of several programs carry the name of their program: padded, and on a terminal in a colour of its own.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { createLogLines } from '../src/local/log-lines.ts';

const written = async (isTTY: boolean): Promise<string[]> => {
  const stdout = Object.assign(new PassThrough(), { isTTY });
  const terminal = { env: {}, stdin: new PassThrough(), stdout, stderr: new PassThrough(), stopSignal: () => NEVER };
  const log = createLogLines(terminal, ['proxy', 'web1']);
  for (const [name, line] of [
    ['proxy', '{"a":1}\n'],
    ['web1', '{"b":2}\n'],
  ] as const) {
    const stream = Readable.from([line]);
    log.follow(name, [stream]);
    await once(stream, 'close');
  }
  log.say('Stopped.');
  stdout.end();
  return (await text(stdout)).trimEnd().split('\n');
};

const NEVER = new Promise<NodeJS.Signals>(() => {});

test('in a file', async () => {
  assert.deepEqual(await written(false), ['proxy | {"a":1}', 'web1  | {"b":2}', 'Stopped.']);
});

test('on a terminal', async () => {
  assert.deepEqual(await written(true), [
    '\u001b[31mproxy |\u001b[39m {"a":1}',
    '\u001b[36mweb1  |\u001b[39m {"b":2}',
    '\u001b[1mStopped.\u001b[22m',
  ]);
});
