// Each file of deploy/ that is used beside docker-compose.yml or docker-compose.links.yml: Compose takes it, the files that
// it mounts exist, and what it adds is published on loopback only. And the names of the images in docker-stack.yml.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { docker, noEngine } from './support/engine.ts';

type Model = {
  readonly services: Readonly<
    Record<string, { readonly ports?: readonly { readonly host_ip?: string; readonly published: string }[] }>
  >;
  readonly configs?: Readonly<Record<string, { readonly file?: string }>>;
};

const FILES = globSync('deploy/*.yml').filter((file) => /^services:$/m.test(readFileSync(file, 'utf8')));

process.env['REDIS_PASSWORD_FILE'] ||= 'LICENSE'; // deploy/password.yml needs some file

test('docker-stack.yml takes the prefix and the tag of its images', { skip: noEngine() }, async () => {
  const config = ['stack', 'config', '--compose-file', 'docker-stack.yml'];
  const names = { IMAGE_PREFIX: 'registry.example/me/counter', IMAGE_TAG: '2', PATH: process.env['PATH'] };
  const { stdout } = await promisify(execFile)('docker', config, { env: names });
  const images = (text: string) => [...text.matchAll(/^ +image: (.*)$/gm)].map(([, image]) => image).toSorted();
  assert.deepEqual(images(stdout), [
    'redis:8-alpine',
    'registry.example/me/counter/proxy:2',
    'registry.example/me/counter/web:2',
  ]);
  assert.deepEqual(images(await docker(...config)), [
    'container-counter/proxy:latest',
    'container-counter/web:latest',
    'redis:8-alpine',
  ]);
});

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
