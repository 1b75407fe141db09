-- Reads all counts atomically. Not a MULTI transaction, which Redis refuses when it is out of memory.
--
-- KEYS  requests, counters, and ip to include the clients
return {
  redis.call('GET', KEYS[1]),
  redis.call('ZREVRANGE', KEYS[2], 0, -1, 'WITHSCORES'),
  KEYS[3] and redis.call('HGETALL', KEYS[3]) or {},
}
