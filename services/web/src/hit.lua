-- Counts one hit, atomically: Redis runs nothing else while a script runs.
--
-- KEYS  requests, counters, ip, and the prefix of the windows of idempotency keys (seen:)
-- ARGV  the replica, the client address, the idempotency key or the empty string, and what listeners are told beyond
--       that: the id of the request, and which try of the proxy it was
-- gives {number of the hit, hits of the replica, hits of the client address, 1 when this is a repeat}
--
-- A key is remembered in the window of time it came in, and looked up in that window and the two before: for 40 to
-- 60 seconds. Four names serve all windows in turn, each gone before its turn comes again. At 20 000 hits a second the
-- keys of a minute take about 114 MiB, 100 bytes each (docs/scaling.md).
--
-- Not for a Redis Cluster: one script sees keys of one slot only, so that all names would need one hash tag, as in
-- {hit}requests. Then they would lie on one node all the same, and students would find names that say less.
local WINDOW_SECONDS = 20
local replica, client, key = ARGV[1], ARGV[2], ARGV[3]

local window = math.floor(redis.call('TIME')[1] / WINDOW_SECONDS)
local function named(back) return KEYS[4] .. (window - back) % 4 end
local seen = named(0)

if key ~= '' then
  local number = redis.call('HGET', seen, key) or redis.call('HGET', named(1), key) or redis.call('HGET', named(2), key)
  if number then
    local hits = redis.call('ZSCORE', KEYS[2], replica) or 0
    return { tonumber(number), tonumber(hits), tonumber(redis.call('HGET', KEYS[3], client) or 0), 1 }
  end
end

local number = redis.call('INCR', KEYS[1])
local hits = redis.call('ZINCRBY', KEYS[2], 1, replica)
local clientHits = redis.call('HINCRBY', KEYS[3], client, 1)
if key ~= '' then
  redis.call('HSET', seen, key, number)
  if redis.call('HLEN', seen) == 1 then redis.call('EXPIRE', seen, 3 * WINDOW_SECONDS) end
end
redis.call('PUBLISH', 'hits', number .. ' ' .. replica .. ' ' .. client .. ' ' .. ARGV[4])
return { number, tonumber(hits), clientHits, 0 }
