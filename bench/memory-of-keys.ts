// How much of Redis's memory the idempotency keys take: counts as many hits as a busy minute has, and asks Redis.
import { randomUUID } from 'node:crypto';
import { createLogger } from '@container-counter/service/log';
import { withCleanup } from '@container-counter/testing/cleanup';
import { startRedis } from '@container-counter/testing/redis';
import { createCounter } from '../services/web/src/counter.ts';
import { connectRedis } from '../services/web/src/redis.ts';

const HITS_A_SECOND = 20_000;
const KEPT_SECONDS = 60; // the longest that hit.lua keeps a key
const AT_ONCE = 500;

await withCleanup(async (t) => {
  const redis = await startRedis(t);
  const link = connectRedis(new URL(redis.url), 5000, createLogger({ service: 'bench' }, 'silent'));
  t.after(() => link.close());
  const { hit } = createCounter(link);
  const memory = () =>
    link.use(async (connection) => Number(/^used_memory:(\d+)/m.exec(await connection.info('memory'))?.[1]));

  await hit('web1', '127.0.0.1');
  const before = await memory();
  const keys = HITS_A_SECOND * KEPT_SECONDS;
  const start = performance.now();
  for (let sent = 0; sent < keys; sent += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => hit('web1', '127.0.0.1', randomUUID())));
  }
  const seconds = (performance.now() - start) / 1000;
  if (seconds > KEPT_SECONDS) throw new Error(`Redis took ${seconds} s for them, and forgot the first ones meanwhile.`);

  const bytes = (await memory()) - before;
  const each = Math.round(bytes / keys);
  const all = Math.round(bytes / 2 ** 20);
  process.stdout.write(
    `${keys} keys, as of ${KEPT_SECONDS} s at ${HITS_A_SECOND} hits a second: ${all} MiB, ${each} bytes each\n`,
  );
});
