// X-Forwarded-*: what a client says of itself counts only when TRUSTED_PROXIES names it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import supertest from 'supertest';
import { startProxy, startUpstream } from './support.ts';

const forged = {
  Host: 'counter.example',
  Forwarded: 'for=10.0.0.9',
  'X-Forwarded-For': '10.0.0.9, 10.0.0.8',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Host': 'other.example',
  'X-Forwarded-Port': '443',
  'X-Real-IP': '10.0.0.9',
};

/** What the upstream gets of `forged` and other `headers`, in lower case. */
const forwarded = async (t: import('node:test').TestContext, trusted: string, headers: Record<string, string> = {}) => {
  const replica = await startUpstream(t, 'a');
  const proxy = await startProxy(t, [replica.address], { env: { TRUSTED_PROXIES: trusted } });
  await supertest(proxy.url)
    .get('/')
    .set({ ...forged, ...headers })
    .expect(200);
  const got = Object.entries(replica.requests[0]?.headers ?? {});
  return Object.fromEntries(got.filter(([name]) => /forwarded|real-ip/.test(name)));
};

const ownOnly = { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http', 'x-forwarded-host': 'counter.example' };

test('from anybody they are dropped, and set by what the proxy sees', async (t) => {
  assert.deepEqual(await forwarded(t, ''), ownOnly);
  assert.deepEqual(await forwarded(t, '172.16.0.0/12'), ownOnly);
});

test('from a trusted proxy they are kept, and its address is appended', async (t) => {
  assert.deepEqual(await forwarded(t, 'loopback'), {
    'x-forwarded-for': '10.0.0.9, 10.0.0.8, 127.0.0.1',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'other.example',
  });
});

test('Connection cannot take them away', async (t) => {
  const Connection = 'X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host, X-Real-IP';
  assert.deepEqual(await forwarded(t, '', { Connection }), ownOnly);
});
