// What a container of ours may do: as little as it needs.
import assert from 'node:assert/strict';
import { docker } from './engine.ts';

/** Asserts it of the container, from what its first process has and from what the engine was told. */
export const assertLeastPrivilege = async (id: string): Promise<void> => {
  const process = await docker('exec', id, 'cat', '/proc/1/status');
  assert.match(process, /^CapEff:\t0{16}$/m);
  assert.match(process, /^CapBnd:\t0{16}$/m);
  assert.match(process, /^NoNewPrivs:\t1$/m);
  assert.doesNotMatch(process, /^Uid:\t0\t/m);
  await assert.rejects(docker('exec', id, 'touch', '/written'), /Read-only file system/);
  const [host] = JSON.parse(await docker('inspect', '--format', '[{{json .HostConfig}}]', id));
  assert.equal(host.RestartPolicy.Name, 'unless-stopped');
  assert.deepEqual(host.LogConfig, { Type: 'json-file', Config: { 'max-file': '3', 'max-size': '10m' } });
  assert.equal(host.Init, true);
  assert.ok(host.Memory > 0);
};
