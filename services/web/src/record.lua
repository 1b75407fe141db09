-- Stores one record, atomically. Follows once.lua.
--
-- KEYS  the record's key
-- ARGV  after those of once.lua: the idempotency key or the empty string, the value, what the record is known by among the repeats of its request, and the part of
--       maxmemory that records may fill, of 1
-- Returns 1, also for a repeat, which stores nothing
--
-- The rest is reserved for counting, which continues when records are rejected.
local key, value, mark, part = ARGV[3], ARGV[4], ARGV[5], ARGV[6]

local known = knownUnder(key)
if type(known) == 'table' then return known end
if known then
  if known == mark then return 1 end
  return redis.error_reply('REUSED by another record')
end

local memory = redis.pcall('INFO', 'memory') -- a user who may not ask has the limit of Redis itself
if type(memory) == 'string' then
  local limit = tonumber(string.match(memory, '\nmaxmemory:(%d+)') or 0)
  local used = tonumber(string.match(memory, '\nused_memory:(%d+)') or 0)
  if limit > 0 and used + #value > limit * part then return redis.error_reply('FULL ' .. used .. ' ' .. limit) end
end

-- The first write: whatever makes Redis refuse writes makes this one fail, before anything is written.
if key ~= '' then
  local kept = redis.pcall('HSET', newest, key, mark)
  if type(kept) == 'table' then return kept end
  if isNew then kept = redis.pcall('EXPIRE', newest, EXPIRES_SECONDS) end
  if type(kept) == 'table' then
    redis.pcall('HDEL', newest, key)
    return kept
  end
end

local stored = redis.pcall('SET', KEYS[1], value)
if stored.err == nil then return 1 end
if key ~= '' then redis.pcall('HDEL', newest, key) end
return stored
