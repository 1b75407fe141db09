// Each file of deploy/ that is used beside docker-compose.yml or docker-compose.links.yml: Compose takes it, the files that
// it mounts exist, and what it adds is published on loopback only.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { docker, noEngine } from './support/engine.ts';

type Model = {
  readonly services: Readonly<
    Record<string, { readonly ports?: readonly { readonly host_ip?: string; readonly published: string }[] }>
  >;
  readonly configs?: Readonly<Record<string, { readonly file?: string }>>;
};

const FILES = globSync('deploy/*.yml').filter((file) => /^services:$/m.test(readFileSync(file, 'utf8')));

process.env['REDIS_PASSWORD_FILE'] ||= 'LICENSE'; // deploy/password.yml needs some file

describe('what runs beside the cluster', { skip: noEngine() }, () => {
  for (const file of FILES) {
    test(file, async () => {
      const [base = ''] = /docker-compose\.links\.yml/.exec(readFileSync(file, 'utf8')) ?? ['docker-compose.yml'];
      const files = ['-f', base, '-f', file];
      const { services, configs = {} } = JSON.parse(
        await docker('compose', ...files, 'config', '--format', 'json'),
      ) as Model;
      for (const { file: mounted } of Object.values(configs)) assert.ok(mounted === undefined || existsSync(mounted));
      const open = Object.values(services)
        .flatMap(({ ports = [] }) => ports)
        .filter(({ host_ip: address }) => address !== '127.0.0.1');
      assert.deepEqual(
        open.map(({ published }) => published),
        ['8080'],
      );
    });
  }
  test('there are such files', () => assert.ok(FILES.length >= 4, FILES.join()));
});
