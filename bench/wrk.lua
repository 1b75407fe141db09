-- What wrk sends, and how it tells what came back: one line of JSON, times in microseconds.
-- In the environment: BODY: store and read a record of that many bytes in turn. CLOSE: a new connection for each request.
-- PAUSE: each connection waits before a request, so many milliseconds on average. PORTS of loopback: one for each thread.
local size = tonumber(os.getenv('BODY') or '')

if os.getenv('CLOSE') then wrk.headers['Connection'] = 'close' end

local pause = tonumber(os.getenv('PAUSE') or '')
if pause then
  delay = function() return math.random(0, 2 * pause) end
end

local ports, threads = {}, 0
for port in string.gmatch(os.getenv('PORTS') or '', '%d+') do table.insert(ports, port) end

function setup(thread)
  if #ports > 0 then thread.addr = wrk.lookup('127.0.0.1', ports[threads % #ports + 1])[1] end
  thread:set('seed', threads)
  threads = threads + 1
end

function init()
  math.randomseed(seed)
end

if size then
  local body = string.rep('x', size)
  local turn = 0
  request = function()
    turn = turn + 1
    if turn % 2 == 1 then return wrk.format('PUT', '/redis/bench', { ['Content-Type'] = 'text/plain' }, body) end
    return wrk.format('GET', '/redis/get?key=bench')
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"microseconds":%d,"failed":%d,"p50":%d,"p99":%d,"p999":%d}\n',
    summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.timeout + errors.status,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
