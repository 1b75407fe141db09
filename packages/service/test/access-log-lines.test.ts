// A line of the access log is written past pino, for speed, and is byte for byte the one that pino would write.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '@container-counter/service/log';

const LEVELS = ['debug', 'info'] as const;

const writers = { service: 'web', replica: 'a "quoted" näme' };

/** The lines that `log` and pino write of the same request, at the same time. */
const bothLines = (some: Record<string, string | number | undefined>, who = {}, level = 'debug'): string[][] => {
  const byLog: string[] = [];
  const byPino: string[] = [];
  const log = createLogger(who, level, { write: (line) => byLog.push(line) });
  const pino = createLogger(who, level, { write: (line) => byPino.push(line) });
  const fields = { ...some, message: 'request' };
  for (const at of LEVELS) {
    log.access(at, fields);
    pino[at](fields);
  }
  return [byLog, byPino];
};

// Repeatable, unlike Math.random: mulberry32.
const randomOf = (seed: number) => (below: number) => {
  seed += 0x6d2b79f5;
  let z = Math.imul(seed ^ (seed >>> 15), seed | 1);
  z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
  return ((z ^ (z >>> 14)) >>> 0) % below;
};

const RANGES = [0x20, 0x80, 0x100, 0x3000, 0x10000]; // control characters, ASCII, Latin-1, more, lone surrogates
const NASTY = '"|\\|\n|\u2028|\u2029|\u007f|\ud800|\udfff|\ud83d\ude00|</script>|__proto__'.split('|');

test('hostile values are escaped as by pino', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_700_000_000_001 });
  const random = randomOf(1);
  const some = <T>(from: readonly T[]): T => from[random(from.length)] as T;
  const text = () =>
    Array.from({ length: random(150) }, () =>
      random(4) === 0 ? some(NASTY) : String.fromCharCode(random(some(RANGES))),
    ).join('');
  const number = () => some([0, -0, 0.01, 1e21, 200, Number.NaN, Number.POSITIVE_INFINITY, random(1e6) / 100]);
  for (let i = 0; i < 5000; i += 1) {
    const names = ['requestId', 'method', 'url', 'status', 'ms', 'client', 'servedBy', text()];
    const fields = Object.fromEntries(names.map((name) => [name, some([text, number, () => undefined])()]));
    const [byLog, byPino] = bothLines(fields, writers);
    assert.equal(byPino?.length, LEVELS.length);
    assert.deepEqual(byLog, byPino);
  }
});

test('nothing but the message is written of a request without fields, by nobody', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1 });
  const [byLog, byPino] = bothLines({ url: undefined });
  assert.equal(byLog?.[1], '{"level":"info","time":"1970-01-01T00:00:00.001Z","message":"request"}\n');
  assert.deepEqual(byLog, byPino);
});

for (const [level, written] of Object.entries({ debug: 2, info: 1, warn: 0, silent: 0 })) {
  test(`at level ${level}, ${written} of a probe and a hit are written`, () => {
    const [byLog] = bothLines({ url: '/' }, writers, level);
    assert.equal(byLog?.length, written);
  });
}
