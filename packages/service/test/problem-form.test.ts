// The form of an error: a sentence for curl, application/problem+json for those who ask for JSON.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import test from 'node:test';
import { type Problem, sendProblem } from '@container-counter/service/problem';
import request from 'supertest';

const PROBLEM: Problem = {
  status: 503,
  detail: 'Redis does not answer. Wait.',
  headers: { 'retry-after': '1' },
  extensions: { reason: 'silent' },
};
const TEXT = 'Redis does not answer. Wait.\n';
const JSON_TEXT =
  '{"title":"Service Unavailable","status":503,"detail":"Redis does not answer. Wait.","reason":"silent"}\n';

const server = createServer((req, res) => sendProblem(req, res, PROBLEM));

const ACCEPTS: readonly (readonly [string | undefined, 'text' | 'json'])[] = [
  [undefined, 'text'],
  ['*/*', 'text'],
  ['text/plain', 'text'],
  ['text/html,application/xhtml+xml,*/*;q=0.8', 'text'],
  ['image/png', 'text'],
  ['nonsense', 'text'],
  ['application/json', 'json'],
  ['application/problem+json', 'json'],
  ['application/*', 'json'],
  ['application/json, */*;q=0.5', 'json'],
  ['text/plain;q=0.4, application/json;q=0.5', 'json'],
  ['text/plain;q=0.5, application/json;q=0.4', 'text'],
  ['application/json;q=0', 'text'],
];

for (const [accept, form] of ACCEPTS) {
  test(`Accept: ${accept ?? '(none)'} gets ${form}`, async () => {
    const pending = request(server).get('/').buffer(true);
    const { status, headers, text } = await (accept === undefined ? pending : pending.set('Accept', accept));
    const type = form === 'json' ? 'application/problem+json' : 'text/plain; charset=utf-8';
    assert.deepEqual([status, headers['content-type'], headers['retry-after']], [503, type, '1']);
    assert.equal(text, form === 'json' ? JSON_TEXT : TEXT);
  });
}

test('HEAD has the headers of the text, and no body', async () => {
  const { status, headers, text } = await request(server).head('/');
  assert.deepEqual([status, headers['content-length'], text ?? ''], [503, String(TEXT.length), '']);
});
