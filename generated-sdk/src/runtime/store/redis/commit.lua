-- Whether it needs room; leases that must be held; verdicts; new entries; values. Out: whether they were held, what
-- became of each. What an entry brought along is named if it is new; the values of all, if none has found no room.
local UNKNOWN, BEFORE, LOST, YES = 0, 1, 2, 3
if text() == '1' then needs_room() else makes_room() end
for _ = 1, number() do
  local id, attempt = text(), number()
  if not holds(current(id), attempt) then return { 0, {}, {}, {} } end
end

local last = tonumber(redis.call('GET', P .. 'n')) or 0

local function find(kind, one, two)
  if kind == 'i' then
    tick(one)
    local id = redis.call('HGET', of('i', one), two)
    local e = id and read(id)
    if e then return e end
    return nil, remembered(one, two) and BEFORE or UNKNOWN
  end
  local e = current(one)
  if not e then return nil, tonumber(one) <= last and BEFORE or UNKNOWN end
  if kind == 'l' and holds(e, tonumber(two)) or kind == 'a' and e.state == 'a' then return e end
  return nil, LOST
end

local function apply(e, verdict, after, reason)
  local waits, leased = e.state == 'w', e.state == 'l' or e.state == 'g'
  if verdict == 'withdraw' and not waits then
    redis.call('HSET', P .. 'e:' .. e.id, 'origin', '')
    return LOST
  elseif verdict == 'done' or verdict == 'withdraw' then
    forget(e)
  elseif verdict == 'again' then
    wait(e, now + after, reason)
  elseif verdict == 'aside' then
    set_aside(e, reason)
  elseif verdict == 'back' and not waits then
    e.attempts = math.max(e.attempts - 1, 0)
    wait(e, now)
  elseif verdict == 'given' and leased then
    leave(e)
    e.state = 'g'
    redis.call('HSET', P .. 'e:' .. e.id, 'state', 'g')
    enter(e)
  else
    return LOST
  end
  return YES
end

local applied, origins = {}, {}
for _ = 1, number() do
  local kind, one, two = text(), text(), text()
  local verdict, after, reason = text(), number(), text()
  local e, met = find(kind, one, two)
  table.insert(origins, e and e.origin or '')
  table.insert(applied, e and apply(e, verdict, after, reason) or met)
end

local named, full = {}, false
local function values()
  local list = {}
  for _ = 1, number() do table.insert(list, { text(), text(), text(), number() }) end
  return list
end
local function name(list)
  for _, value in ipairs(list) do table.insert(named, value) end
end

local function admit()
  local queue, lane, identity, body, origin = text(), text(), text(), text(), text()
  local delay, life, lapse, once, bound = number(), number(), text(), text(), number()
  local brought = values()
  tick(queue)
  if identity ~= '' and (redis.call('HEXISTS', of('i', queue), identity) == 1 or remembered(queue, identity)) then
    return 0
  end
  local waiting = redis.call('ZCARD', of('w', queue, lane))
  local open = waiting + (tonumber(redis.call('HGET', of('k', queue), lane)) or 0)
  local all = (tonumber(redis.call('HGET', of('c', queue), 'waiting')) or 0) + redis.call('ZCARD', of('x', queue))
  if bound >= 0 and open >= bound or all >= HOLD then
    full = true
    return -1
  end
  local id = redis.call('INCR', P .. 'n')
  local e = { id = id, queue = queue, lane = lane, state = 'w', due = now + delay }
  redis.call('HSET', P .. 'e:' .. id, 'queue', queue, 'lane', lane, 'state', 'w', 'due', e.due, 'attempts', 0,
    'identity', identity, 'body', body, 'origin', origin, 'since', now, 'lapse', lapse, 'once', once, 'reason', '')
  if life >= 0 then
    e.ends = now + life
    redis.call('HSET', P .. 'e:' .. id, 'ends', e.ends)
  end
  if identity ~= '' then redis.call('HSET', of('i', queue), identity, id) end
  enter(e)
  if waiting == 0 then reschedule(queue, lane) end
  name(brought)
  return id
end

local kept = {}
for _ = 1, number() do table.insert(kept, admit()) end

local function drop(name)
  redis.call('HDEL', P .. 'V', name)
  redis.call('ZREM', P .. 'VN', name)
  redis.call('ZREM', P .. 'VE', name)
end

local own = values()
if not full then name(own) end
if named[1] then
  for _, old in ipairs(redis.call('ZRANGEBYSCORE', P .. 'VE', '-inf', now, 'LIMIT', 0, 1000)) do drop(old) end
end
for _, value in ipairs(named) do
  local name, has, value, life = unpack(value)
  drop(name)
  if has == '1' then
    redis.call('HSET', P .. 'V', name, value)
    redis.call('ZADD', P .. 'VN', 0, name)
    if life >= 0 then redis.call('ZADD', P .. 'VE', now + life, name) end
  end
end
return { 1, kept, applied, origins }
