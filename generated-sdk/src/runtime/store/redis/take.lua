-- Queue, server, lease, how many; holders; which lanes. Out: entries, and in how long to ask again, or -1.
local queue, server, length, most = text(), text(), number(), number()
makes_room()
tick(queue)
local holder = ''
for n = 1, number() do
  local name = text()
  if n == 1 then holder = name end
  local has = of('h', queue, name)
  for _, id in ipairs(redis.call('SMEMBERS', has)) do
    local e = read(id)
    if not e then
      redis.call('SREM', has, id)
    elseif e.once then
      forget(e)
    else
      redis.call('HSET', P .. 'e:' .. id, 'till', now + length)
      redis.call('ZADD', of('x', queue), now + length, id)
    end
  end
end

local taken = {}
local function lease(id)
  local e = read(id)
  leave(e)
  e.state, e.server, e.holder, e.till = 'l', server, holder, now + length
  redis.call('HSET', P .. 'e:' .. id, 'state', 'l', 'server', server, 'holder', holder, 'till', e.till,
    'attempts', e.attempts + 1)
  enter(e)
  reschedule(queue, e.lane)
  table.insert(taken, shown(id))
end

local soonest
local function soon(time)
  if not soonest or time < soonest then soonest = time end
end

-- What waits in a lane and is due, one more than wanted; what is not there any more is swept.
local function due_in(lane, found)
  local waiting, from, many = of('w', queue, lane), 0, 0
  while true do
    local ids = redis.call('ZRANGE', waiting, from, from + most)
    if not ids[1] then return end
    for _, id in ipairs(ids) do
      local due = tonumber(redis.call('HGET', P .. 'e:' .. id, 'due'))
      from = from + 1
      if not due then
        from = from - 1
        redis.call('ZREM', waiting, id)
        redis.call('HINCRBY', of('c', queue), 'waiting', -1)
      elseif due > now then
        soon(due)
      else
        table.insert(found, tonumber(id))
        many = many + 1
        if many > most then return end
      end
    end
  end
end

if text() == 'each' then
  while #taken < most do
    -- Lanes that this very step has made free are a few microseconds ahead.
    local lane = redis.call('ZRANGEBYSCORE', of('s', queue), '-inf', now + turn, 'LIMIT', 0, 1)[1]
    if not lane then break end
    local id = redis.call('ZRANGE', of('w', queue, lane), 0, 0)[1]
    if id and redis.call('EXISTS', P .. 'e:' .. id) == 1 then
      lease(id)
    else
      if id then
        redis.call('ZREM', of('w', queue, lane), id)
        redis.call('HINCRBY', of('c', queue), 'waiting', -1)
      end
      reschedule(queue, lane)
    end
  end
  local next = redis.call('ZRANGE', of('s', queue), 0, 0, 'WITHSCORES')[2]
  if next then soon(tonumber(next)) end
else
  local found, seen = {}, {}
  for _ = 1, number() do
    local lane = text()
    if not seen[lane] then due_in(lane, found) end
    seen[lane] = true
  end
  table.sort(found)
  for n, id in ipairs(found) do
    if n > most then
      soon(now)
      break
    end
    lease(string.format('%.0f', id))
  end
end

local lapse = redis.call('ZRANGE', of('x', queue), 0, 0, 'WITHSCORES')[2]
if lapse then soon(tonumber(lapse)) end
return { taken, soonest and math.max(soonest - now, 0) or -1 }
