-- Reads all counts at one moment. Not a transaction of Redis: one that has no memory left takes none.
--
-- KEYS  requests, counters, and, to be told of the clients too, ip
return {
  redis.call('GET', KEYS[1]),
  redis.call('ZREVRANGE', KEYS[2], 0, -1, 'WITHSCORES'),
  KEYS[3] and redis.call('HGETALL', KEYS[3]) or {},
}
