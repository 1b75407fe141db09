// A program that dies is named and restarted, each time after a longer pause; one that is stopped is not.
import assert from 'node:assert/strict';
import { EventEmitter, on } from 'node:events';
import { test } from 'node:test';
import { keepRunning } from '../src/local/keep-running.ts';
import type { Program } from '../src/local/processes.ts';

const program = (command: string, ...args: string[]): Program => ({
  name: 'toy',
  command,
  args,
  env: {},
  port: 0,
  portVariable: 'WEB_PORT',
});

const nothing = () => {};

const firstLines = async (toy: Program, count: number): Promise<string[]> => {
  const said = new EventEmitter();
  const lines = on(said, 'line');
  const running = keepRunning(toy, { follow: nothing, say: (line) => said.emit('line', line) }, nothing);
  const found: string[] = [];
  for await (const [line] of lines) {
    found.push(`${line}`);
    if (found.length === count) break;
  }
  await running.stop();
  return found;
};

test('it ends by itself', async () => {
  assert.deepEqual(await firstLines(program(process.execPath, '--eval', 'process.exit(3)'), 3), [
    'toy ended with exit code 3; restarting in 0.25 s.',
    'toy ended with exit code 3; restarting in 0.5 s.',
    'toy ended with exit code 3; restarting in 1 s.',
  ]);
});

test('it is not there', async () => {
  assert.deepEqual(await firstLines(program('/nonexistent/toy'), 2), [
    'toy could not be started (spawn /nonexistent/toy ENOENT); restarting in 0.25 s.',
    'toy could not be started (spawn /nonexistent/toy ENOENT); restarting in 0.5 s.',
  ]);
});

test('it is stopped', async () => {
  const said: string[] = [];
  const changes: (number | undefined)[] = [];
  const toy = program(process.execPath, '--eval', 'setInterval(() => {}, 1000)');
  const running = keepRunning(toy, { follow: nothing, say: (line) => said.push(line) }, () => changes.push(1));
  assert.equal(typeof running.pid(), 'number');
  await running.stop();
  assert.equal(running.pid(), undefined);
  assert.deepEqual(said, []);
  assert.equal(changes.length, 2, 'one start, one end');
});
