// Which headers are a place in a trace (W3C Trace Context), and which are only called so.
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import test from 'node:test';
import { traceparentOf } from '@container-counter/service/traceparent';

const GOOD = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const of = (traceparent?: string) => traceparentOf({ headers: { traceparent } } as unknown as IncomingMessage);

test('a place in a trace', () => assert.equal(of(GOOD), GOOD));

for (const bad of [
  undefined,
  '',
  GOOD.toUpperCase(),
  `${GOOD}, ${GOOD}`,
  GOOD.replace(/^00/, 'ff'),
  GOOD.replace(/-4bf9\w+-/, `-${'0'.repeat(32)}-`),
  GOOD.replace(/-00f0\w+-/, `-${'0'.repeat(16)}-`),
  GOOD.slice(0, -1),
]) {
  test(`not ${JSON.stringify(bad)}`, () => assert.equal(of(bad), undefined));
}
