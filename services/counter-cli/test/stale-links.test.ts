// Which containers of the links variant must be recreated, since what they are linked to was.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findStale, type Linked } from '../src/docker/compose/stale-links.ts';

const container = (service: string, minute: number, ...sources: string[]): Linked => ({
  Name: `/${service}`,
  Created: `2026-01-01T00:0${minute}:00.000000000Z`,
  Config: { Labels: { 'com.docker.compose.service': service } },
  HostConfig: { Links: sources.length > 0 ? sources.map((source) => `/${source}:/${service}/${source}`) : null },
});

test('none in a cluster as Compose makes it, in whatever order it is listed', () => {
  const all = [container('proxy', 2, 'web1', 'web2'), container('web1', 1, 'redis'), container('web2', 1, 'redis')];
  assert.deepEqual(findStale([...all, container('redis', 0)]), []);
  assert.deepEqual(findStale([container('redis', 0), ...all.toReversed()]), []);
});

test('the client of a source that was recreated, and no other', () => {
  const all = [container('redis', 0), container('web1', 3, 'redis'), container('web2', 1, 'redis')];
  assert.deepEqual(findStale([...all, container('proxy', 2, 'web1', 'web2')]), ['proxy']);
});

test('clients of clients too: they are recreated as well', () => {
  const all = [container('proxy', 2, 'web1', 'web2'), container('web1', 1, 'redis'), container('web2', 4, 'redis')];
  assert.deepEqual(findStale([...all, container('redis', 3)]), ['proxy', 'web1']);
});

test('the client of a source that is not there at all', () => {
  assert.deepEqual(findStale([container('web1', 1, 'redis')]), ['web1']);
});
