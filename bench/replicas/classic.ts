// What tutorials build: Express 4, node-redis, and an await for each command.
import express from 'express4';
import { createClient } from 'redis';

const { PORT = '', REDIS_URL = '', INSTANCE = '' } = process.env;
const redis = createClient({ url: REDIS_URL });
await redis.connect();
const app = express();
app.get('/', async (_req, res) => {
  const number = await redis.incr('requests');
  await redis.zIncrBy('counters', 1, INSTANCE);
  await redis.hIncrBy('ip', '127.0.0.1', 1);
  res.send(`hit ${number} served by ${INSTANCE} (127.0.0.1)\n`);
});
app.listen(Number(PORT), '127.0.0.1');
