// Which X-Request-Id is taken over, and which is replaced.
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import test from 'node:test';
import { requestIdOf } from '@container-counter/service/request-id';

const idOf = (given?: string): string =>
  requestIdOf({ headers: given === undefined ? {} : { 'x-request-id': given } } as unknown as IncomingMessage);

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

for (const id of ['a', 'A-1_b.2', '0'.repeat(64), '8ab9b9c8-0000-4000-8000-000000000000']) {
  test(`${id} is taken over`, () => assert.equal(idOf(id), id));
}

for (const id of ['', '0'.repeat(65), 'two words', 'a, b', '<b>', 'a\n', 'ä', '{"a":1}']) {
  test(`${JSON.stringify(id)} is replaced by a UUID`, () => assert.match(idOf(id), UUID));
}

test('a request without one gets a new UUID each time', () => {
  const [first, second] = [idOf(), idOf()];
  assert.match(first, UUID);
  assert.notEqual(first, second);
});
