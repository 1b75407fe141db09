-- Counts hits, atomically: Redis runs nothing else while a script runs. Follows once.lua.
--
-- KEYS  requests, counters, ip
-- ARGV  after those of once.lua: the replica, and for each hit its idempotency key or the empty string, the client address,
--       and further fields for listeners: the id of the request and the attempt of the proxy
-- Returns for each hit {number of the hit, hits of the replica, hits of the client address, 1 if this is a repeat}, or the
-- error for which it was not counted
--
-- A hit is counted in all keys or in none. Redis does not roll back a script that fails midway, as at a key of the wrong
-- type, so the script does. Checking all types first would cost each hit a quarter more.
--
-- Not for a Redis Cluster, where a script may only use keys of one slot: all names would need one hash tag, as in
-- {hit}requests. They would then be on one node anyway, and be harder for students to read.
local EXACT = 9007199254740991 -- the largest whole number that Lua and JavaScript tell from the next
-- So many are listed quickly, and do not fill Redis; further ones are counted together.
local MAX_CLIENTS = 10000
local OTHERS = 'others'
local replica = ARGV[3]
local clients = redis.pcall('HLEN', KEYS[3])
local isCrowded = type(clients) == 'number' and clients >= MAX_CLIENTS
local published = {}

local function count(key, address, told)
  local client = address
  if isCrowded and redis.pcall('HEXISTS', KEYS[3], client) == 0 then client = OTHERS end
  local known = knownUnder(key)
  if type(known) == 'table' then return known.err end
  known = tonumber(known or nil)
  if known then
    local hits, clientHits = redis.pcall('ZSCORE', KEYS[2], replica) or 0, redis.pcall('HGET', KEYS[3], client) or 0
    if type(hits) == 'table' then return hits.err end
    if type(clientHits) == 'table' then return clientHits.err end
    return { known, tonumber(hits), tonumber(clientHits), 1 }
  end

  local number = redis.pcall('INCR', KEYS[1])
  if type(number) == 'table' then return number.err end -- and nothing was written
  local hits = redis.pcall('ZINCRBY', KEYS[2], 1, replica)
  local clientHits = redis.pcall('HINCRBY', KEYS[3], client, 1)
  local kept
  if key ~= '' then
    kept = redis.pcall('HSET', newest, key, number)
    if kept == 1 and isNew then kept = redis.pcall('EXPIRE', newest, EXPIRES_SECONDS) end
  end

  local fault = type(hits) == 'table' and hits or type(clientHits) == 'table' and clientHits or type(kept) == 'table' and kept
  local replicaHits = not fault and tonumber(hits)
  -- What somebody else stored may be no whole number, or one that is not exact any more.
  if not fault and (replicaHits % 1 ~= 0 or replicaHits > EXACT or number > EXACT or clientHits > EXACT) then
    fault = { err = 'WRONGTYPE no number of hits' }
  end
  if fault then
    -- A script that has written is not stopped for want of memory, so this succeeds. What is back at zero was not there.
    if redis.pcall('INCRBY', KEYS[1], -1) == 0 then redis.pcall('DEL', KEYS[1]) end
    if type(hits) ~= 'table' and tonumber(redis.pcall('ZINCRBY', KEYS[2], -1, replica)) == 0 then
      redis.pcall('ZREM', KEYS[2], replica)
    end
    if type(clientHits) ~= 'table' and redis.pcall('HINCRBY', KEYS[3], client, -1) == 0 then
      redis.pcall('HDEL', KEYS[3], client)
    end
    if key ~= '' then redis.pcall('HDEL', newest, key) end
    return fault.err
  end

  if key ~= '' then isNew = false end
  published[#published + 1] = string.format('%.0f %s %s %s', number, replica, address, told) -- `..` has 14 digits
  return { number, replicaHits, clientHits, 0 }
end

local counted = {}
for i = 4, #ARGV, 3 do
  counted[#counted + 1] = count(ARGV[i], ARGV[i + 1], ARGV[i + 2])
end

-- Publishing is optional: a user without the permission still counts.
if #published > 0 then redis.pcall('PUBLISH', 'hits', table.concat(published, '\n')) end
return counted
