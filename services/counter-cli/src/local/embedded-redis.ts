// A separate process: an in-memory Redis on loopback, at the port that its argument says.
import { createRedisCommandExecutor, RedisServerState, Resp2Server } from 'js-redis-server/core';

const port = Number(process.argv[2]);
const { server } = new Resp2Server({
  server: new RedisServerState({ databaseCount: 16 }),
  executor: createRedisCommandExecutor(),
});
// Its own listen() would listen on every interface.
server.listen(port, '127.0.0.1', () => console.log(`js-redis-server listens on port ${port}`));
