// The floor: counts a hit with node:http and ioredis, and does nothing else.
import { createServer } from 'node:http';
import { Redis } from 'ioredis';

const { PORT = '', REDIS_URL = '', INSTANCE = '' } = process.env;
const redis = new Redis(REDIS_URL, { enableAutoPipelining: true });
const server = createServer(async (_req, res) => {
  const [number] = await Promise.all([
    redis.incr('requests'),
    redis.zincrby('counters', 1, INSTANCE),
    redis.hincrby('ip', '127.0.0.1', 1),
  ]);
  res.end(`hit ${number} served by ${INSTANCE} (127.0.0.1)\n`);
});
server.listen(Number(PORT), '127.0.0.1');
