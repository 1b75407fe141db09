// Lines of several programs: all of them in a file, with the name of their program; on a terminal, what they mean to a person.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { createLogLines } from '../src/local/log-lines.ts';

const LINES = [
  ['redis', '* Ready to accept connections tcp'],
  ['web1', '{"level":"info","message":"connected to Redis"}'],
  ['proxy', '{"level":"info","upstream":"127.0.0.1:3001","name":"web1","message":"upstream is healthy"}'],
  ['proxy', '{"level":"info","upstream":"127.0.0.1:3001","name":"web1","message":"upstream is healthy"}'],
  ['proxy', '{"level":"warn","name":"web2","reason":"It is gone.","message":"upstream is unhealthy"}'],
  ['web1', '{"level":"warn","message":"Redis is \\u001b[2Jgone."}'],
  ['web2', '{"level":"warn","message":"Redis is \\u001b[2Jgone."}'],
] as const;

const written = async (isTTY: boolean, before = ''): Promise<string[]> => {
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const stdout = Object.assign(new PassThrough(), { isTTY });
  const terminal = { env: {}, stdin, stdout, stderr: new PassThrough(), stopSignal: () => NEVER };
  const log = createLogLines(terminal, ['proxy', 'web1', 'web2', 'redis']);
  if (before !== '') {
    stdin.write(before);
    await once(stdout, 'readable');
  }
  for (const [name, line] of LINES) {
    const stream = Readable.from([`${line}\n`]);
    log.follow(name, [stream]);
    await once(stream, 'close');
  }
  log.say('web2 died of SIGKILL.', 'web2');
  log.say('Stopped.');
  log.close();
  stdout.end();
  return (await text(stdout)).trimEnd().split('\n');
};

const NEVER = new Promise<NodeJS.Signals>(() => {});

test('in a file', async () => {
  const lines = LINES.map(([name, line]) => `${name.padEnd(5)} | ${line}`);
  assert.deepEqual(await written(false), [...lines, 'web2 died of SIGKILL.', 'Stopped.']);
});

test('on a terminal: what changed since all were there, once, and the last words of what failed', async () => {
  const lines = (await written(true)).map((line) => line.replace(/^\d\d:\d\d:\d\d/, 'TIME'));
  assert.deepEqual(lines, [
    'TIME web1 is healthy.',
    'TIME web2 is unhealthy. It is gone.',
    'TIME Redis is \\x1b[2Jgone.',
    `\u001b[33mweb2  |\u001b[39m ${LINES[6][1]}`,
    'TIME \u001b[1mweb2 died of SIGKILL.\u001b[22m',
    '\u001b[1mStopped.\u001b[22m',
  ]);
});

test('on a terminal after Enter: every line, in the colour of its program', async () => {
  const lines = await written(true, '\n');
  assert.equal(lines[0], 'Logs are shown; Enter hides them.');
  assert.equal(lines[1], `\u001b[32mredis |\u001b[39m ${LINES[0][1]}`);
  assert.equal(lines[2], `\u001b[36mweb1  |\u001b[39m ${LINES[1][1]}`);
  assert.equal(lines.length, 1 + LINES.length + 3);
});
