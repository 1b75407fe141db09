// The rules of the alerts: promtool takes them, and each fires where it should and nowhere else.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

const DEPLOY = new URL('../deploy/', import.meta.url).pathname;
const noPromtool = spawnSync('promtool', ['--version']).status === 0 ? false : 'promtool is not on the path';
const promtool = (...args: string[]) => execFileSync('promtool', args, { cwd: DEPLOY, encoding: 'utf8' });

describe('the rules of the alerts', { skip: noPromtool }, () => {
  test('are well-formed, and so is the configuration', () => {
    assert.match(promtool('check', 'config', 'prometheus.yml'), /SUCCESS: 1 rule files found/);
  });

  test('fire where they should, and nowhere else', () => {
    assert.match(promtool('test', 'rules', 'alerts.test.yml'), /SUCCESS/);
  });

  test('are each tested', () => {
    const names = [...readFileSync(`${DEPLOY}alerts.yml`, 'utf8').matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
    const tests = readFileSync(`${DEPLOY}alerts.test.yml`, 'utf8');
    const fired = [...tests.matchAll(/alertname: (\w+)\n {8}exp_alerts:\n/g)].map(([, name]) => name);
    assert.ok(names.length > 0);
    assert.deepEqual(fired, names);
  });
});
