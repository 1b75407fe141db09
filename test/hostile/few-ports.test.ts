// Without a free local port, the proxy says so and does not blame its replicas; it serves again once clients have left.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

const SCRIPT = new URL('support/few-ports.ts', import.meta.url).pathname;

// A network of its own, with eight local ports.
const WITHIN = ['--net', ...(process.getuid?.() === 0 ? [] : ['--map-root-user']), 'sh', '-c'];
const FEW = 'ip link set lo up && echo 40000 40007 >/proc/sys/net/ipv4/ip_local_port_range && exec "$0" "$@"';

const { status } = spawnSync('unshare', [...WITHIN, FEW, 'true']);
const skip = status === 0 ? false : 'no network of its own can be made here (unshare --net, ip)';

test('the proxy', { skip }, async () => {
  const { stdout } = await promisify(execFile)('unshare', [...WITHIN, FEW, process.execPath, SCRIPT]);
  const [refused, during, after, unhealthy] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(refused.status, 503);
  assert.match(refused.body, /has no free local port left to connect from/);
  for (const { upstreams } of [during, after])
    assert.deepEqual(
      upstreams.map(({ state }: { state: string }) => state),
      ['healthy', 'healthy'],
    );
  assert.deepEqual(unhealthy, []);
});
