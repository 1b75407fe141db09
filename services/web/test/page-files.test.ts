// The files of the page: their types, TypeScript without types, and caching; and the page may load nothing else.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import test from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import request from 'supertest';
import { startReplica } from './replica.ts';

const SCRIPT = 'text/javascript; charset=utf-8';
const FILES: readonly (readonly [string, string, RegExp])[] = [
  ['/page/1/main.ts', SCRIPT, /^\/\/ The live page: .*\n +\nimport \{ createAnnouncer \} from '\.\/announcer\.ts';\n/],
  ['/page/1/base.css', 'text/css; charset=utf-8', /--ground/],
  ['/page/1/uqr.mjs', SCRIPT, /\bexport \{.*\bencode\b/],
  ['/page/1/icon.svg', 'image/svg+xml', /^<svg /],
];

test('each file has its type', async (t) => {
  const { url } = await startReplica(t, 'redis://127.0.0.1:1');
  for (const [path, type, content] of FILES) {
    const { headers, text, body } = await request(url).get(path).expect(200);
    assert.deepEqual([headers['content-type'], headers['cache-control']], [type, 'no-store']);
    assert.match(text ?? String(body), content);
    await request(url).head(path).expect(200).expect('Content-Length', String(headers['content-length']));
  }
});

test('nothing else is served from there', async (t) => {
  const { url } = await startReplica(t, 'redis://127.0.0.1:1');
  for (const path of ['index.html', 'tsconfig.json', '..%2fsrc%2fmain.ts', '__proto__']) {
    await request(url).get(`/page/1/${path}`).expect(404);
  }
  await request(url).post('/page/1/main.ts').expect(405, 'POST is not allowed for /page/1/main.ts. Use GET or HEAD.\n');
});

test('every import of the page is a file that is served', async (t) => {
  const { url } = await startReplica(t, 'redis://127.0.0.1:1');
  const seen = new Set<string>();
  const visit = async (name: string): Promise<void> => {
    if (seen.has(name)) return;
    seen.add(name);
    const { body, text } = await request(url).get(`/page/1/${name}`).expect(200).expect('Content-Type', SCRIPT);
    for (const [, next] of (text ?? String(body)).matchAll(/^import .*from '\.\/(.*)';$/gm)) await visit(next ?? '');
  };
  await visit('main.ts');
  assert.ok(seen.has('chart.ts') && seen.size > 15, [...seen].join(' '));
});

test('the page may load files from here alone, and a name is text in it', { skip: noRedis() }, async (t) => {
  const { url } = await startReplica(t, (await startRedis(t)).url, { name: `<b title="'">&amp;` });
  const { headers, text } = await request(url).get('/').set('Accept', 'text/html').expect(200);
  assert.match(text, /hit 1 served by &#60;b title=&#34;&#39;&#34;&#62;&#38;amp; \(127\.0\.0\.1\)/);
  const [, script = ''] = /<script>(.*?)<\/script>/s.exec(text) ?? [];
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = headers['content-security-policy'] ?? '';
  assert.ok(policy.startsWith(`default-src 'none'; script-src 'self' 'sha256-${hash}'; style-src 'self';`), policy);
  assert.equal(headers['cache-control'], 'no-store');
  const loaded = [...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, path]) => path ?? '');
  assert.ok(loaded.length > 4);
  const forGood = 'public, max-age=31536000, immutable'; // the path has the version
  for (const path of loaded) await request(url).get(path).expect(200).expect('Cache-Control', forGood);
});

test('all files of the page together are smaller than 150 kB', () => {
  const folder = new URL('../page/', import.meta.url);
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(new URL(name, folder)).size, 0);
  assert.ok(bytes < 150_000, `${bytes} bytes`);
});

test('a path that is no URL is a fault of the client', async (t) => {
  const { url } = await startReplica(t, 'redis://127.0.0.1:1');
  for (const path of ['/page/%zz/main.ts', '/page/1/%E0%A4%A', '/page/%ff/main.ts']) {
    const { text } = await request(url).get(path).expect(400);
    assert.match(text, /^The path has a percent-escape that is not valid/, path);
  }
});
