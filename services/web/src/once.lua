-- Makes a write take effect at most once. It is prepended to each script that writes (services/web/src/scripts.ts), for
-- which `knownUnder(key)` is what was stored under an idempotency key, if anything, or an error. The script itself stores the key in
-- `newest`, and lets that expire after EXPIRES_SECONDS if it `isNew`.
--
-- ARGV  the time since which this write may have been waiting; the prefix of the windows (seen:)
--
-- An idempotency key is kept in the window of time it came in, which expires a minute after its first key: each is
-- remembered for 40 to 60 seconds. Four names are reused for all windows, each expired before its next use. A key is looked
-- up in all four, for the clock of Redis may have been set back since. At 20 000 hits a second the keys of a minute take
-- about 114 MiB, 100 bytes each (docs/scaling.md).
--
-- A later repeat would not be recognised, so late writes are rejected: each carries the time since which it may have been
-- waiting, by the clock of Redis (services/web/src/arrivals.ts). It does not matter what delayed it: a suspended replica,
-- a full socket or a suspended Redis. Guaranteed: of all attempts of a write that reach a replica
-- before its sender sends the next one elsewhere, one takes effect. Not covered: a clock of Redis that is set by more
-- than this limit meanwhile, and what TCP delivers to a replica only after its sender gave up.
local WINDOW_SECONDS = 20
local EXPIRES_SECONDS = 3 * WINDOW_SECONDS
local MAX_AGE_SECONDS = 20

local seen = ARGV[2]
local now = redis.call('TIME')[1]
local age = now - ARGV[1]
if age > MAX_AGE_SECONDS or age < -MAX_AGE_SECONDS then return redis.error_reply('LATE ' .. now) end

local newest = seen .. math.floor(now / WINDOW_SECONDS) % 4
local ttl = redis.call('TTL', newest)
local isNew = ttl < 0 or ttl > EXPIRES_SECONDS -- or from a time when the clock of Redis was ahead
local windows = { newest } -- which exist: asked once for all hits of a batch
for number = 0, 3 do
  local name = seen .. number
  if name ~= newest and redis.call('EXISTS', name) == 1 then windows[#windows + 1] = name end
end
local function knownUnder(key)
  if key == '' then return false end
  for _, name in ipairs(windows) do
    local known = redis.pcall('HGET', name, key)
    if known then return known end
  end
  return false
end
