// The name of a replica, where it takes that of its host.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IS_NAME } from '@container-counter/service/replica-name';
import { nameOfHost } from '../src/identity.ts';

test('the name of any host becomes a valid one', () => {
  for (const [host, name] of [
    ['web-1.local', 'web-1.local'],
    ['my pc', 'my-pc'],
    ['電腦', '-'],
    ['', 'web'],
    ['x'.repeat(255), 'x'.repeat(64)],
  ] as const) {
    assert.equal(nameOfHost(host), name);
    assert.match(name, IS_NAME);
  }
});
