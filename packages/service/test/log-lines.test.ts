// A line of the log: one line of JSON, with the level as a word and the writer's name.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createLogger } from '@container-counter/service/log';

const linesOf = (level: string, write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] => {
  const written: string[] = [];
  write(createLogger({ service: 'web', replica: 'web2' }, level, { write: (line) => written.push(line) }));
  for (const line of written) assert.match(line, /^\{[^\n]*\}\n$/);
  return written.map((line) => JSON.parse(line));
};

test('it says who wrote it, when, and how severe it is', () => {
  const [line, ...more] = linesOf('info', (log) => log.warn({ reason: 'refused' }, 'two\nlines'));
  const { time, ...rest } = line ?? {};
  assert.deepEqual(rest, { level: 'warn', service: 'web', replica: 'web2', reason: 'refused', message: 'two\nlines' });
  assert.equal(new Date(String(time)).toISOString(), time);
  assert.deepEqual(more, []);
});

test('what is less severe than the level is not written', () => {
  const lines = linesOf('info', (log) => {
    log.debug('no');
    log.info('yes');
  });
  assert.deepEqual(
    lines.map(({ message }) => message),
    ['yes'],
  );
});

test('silent writes nothing', () =>
  assert.deepEqual(
    linesOf('silent', (log) => log.fatal('no')),
    [],
  ));
