-- What every script begins with: the time, the arguments, and how an entry goes from one state to the next.
--
-- n             the last number                       e:ID         an entry
-- w:QUEUE:LANE  numbers of what waits in a lane       k:QUEUE      how many of each lane are leased
-- s:QUEUE       lanes by when their turn comes        f:QUEUE      since when nothing of each lane is leased
-- x:QUEUE       leased ones by the end of the lease   h:QUEUE:WHO  what a holder was given
-- z:QUEUE       what was set aside, by number         y:QUEUE      what grows too old, by when
-- i:QUEUE       numbers by identity                   d:QUEUE      identities of what is done, by when
-- c:QUEUE       counts                                a            servers by the end of their renewals
-- V VN VE       values, their names, their ends
--
-- Times are microseconds since 1970.
local P, HOLD, ASIDE = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local REMEMBER, REMEMBER_FOR = tonumber(ARGV[4]), tonumber(ARGV[5])
local LAPSED = 'its lease ended without a verdict: whoever had it died or was cut off'
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local at = 5
local function text() at = at + 1 return ARGV[at] end
local function number() return tonumber(text()) end

-- A Redis that is full refuses what a script writes first, and no more after that: what makes room goes on, and what needs
-- room is refused before anything has happened.
local function makes_room() redis.call('DEL', P .. 'nothing') end
local function needs_room() redis.call('SETRANGE', P .. 'n', 0, '') end

-- The length keeps apart what names with colons would mix up.
local function of(kind, queue, more)
  local key = P .. kind .. ':' .. #queue .. ':' .. queue
  if more then return key .. ':' .. more end
  return key
end

local function read(id)
  local f = redis.call('HMGET', P .. 'e:' .. id, 'queue', 'lane', 'state', 'due', 'attempts', 'identity', 'origin',
    'lapse', 'once', 'server', 'holder', 'ends', 'till')
  if not f[1] then return nil end
  return { id = id, queue = f[1], lane = f[2], state = f[3], due = tonumber(f[4]), attempts = tonumber(f[5]),
    identity = f[6], origin = f[7], lapse = f[8], once = f[9] == '1', server = f[10], holder = f[11],
    ends = tonumber(f[12]), till = tonumber(f[13]) }
end

-- As others see it.
local function shown(id)
  local f = redis.call('HMGET', P .. 'e:' .. id, 'attempts', 'lane', 'identity', 'body', 'origin', 'since', 'reason')
  return { tonumber(id), tonumber(f[1]), f[2], f[3], f[4], f[5], tonumber(f[6]), f[7] }
end

-- Puts a lane into its place: behind those that were free before it. Each has a microsecond of its own.
local turn = 0
local function reschedule(queue, lane)
  local head = redis.call('ZRANGE', of('w', queue, lane), 0, 0)[1]
  if not head or redis.call('HEXISTS', of('k', queue), lane) == 1 then
    redis.call('ZREM', of('s', queue), lane)
    redis.call('HDEL', of('f', queue), lane)
    return
  end
  local free = tonumber(redis.call('HGET', of('f', queue), lane))
  if not free then
    free = now + turn
    turn = turn + 1
    redis.call('HSET', of('f', queue), lane, free)
  end
  local due = tonumber(redis.call('HGET', P .. 'e:' .. head, 'due')) or 0
  redis.call('ZADD', of('s', queue), math.max(due, free), lane)
end

local function leave(e)
  if e.state == 'w' then
    redis.call('ZREM', of('w', e.queue, e.lane), e.id)
    redis.call('HINCRBY', of('c', e.queue), 'waiting', -1)
  elseif e.state == 'a' then
    redis.call('ZREM', of('z', e.queue), e.id)
  else
    redis.call('ZREM', of('x', e.queue), e.id)
    if redis.call('HINCRBY', of('k', e.queue), e.lane, -1) <= 0 then
      redis.call('HDEL', of('k', e.queue), e.lane)
    end
    if e.state == 'g' then redis.call('SREM', of('h', e.queue, e.holder), e.id) end
  end
end

local function enter(e)
  if e.state == 'w' then
    redis.call('ZADD', of('w', e.queue, e.lane), e.id, e.id)
    redis.call('HINCRBY', of('c', e.queue), 'waiting', 1)
  elseif e.state == 'a' then
    redis.call('ZADD', of('z', e.queue), e.id, e.id)
  else
    redis.call('ZADD', of('x', e.queue), e.till, e.id)
    redis.call('HINCRBY', of('k', e.queue), e.lane, 1)
    if e.state == 'g' then redis.call('SADD', of('h', e.queue, e.holder), e.id) end
  end
  if e.ends then
    if e.state == 'a' then
      redis.call('ZREM', of('y', e.queue), e.id)
    else
      redis.call('ZADD', of('y', e.queue), e.ends, e.id)
    end
  end
end

local function remembered(queue, identity)
  local when = tonumber(redis.call('ZSCORE', of('d', queue), identity))
  return when and when > now - REMEMBER_FOR
end

-- Forgets an entry, and remembers its identity.
local function forget(e)
  leave(e)
  redis.call('DEL', P .. 'e:' .. e.id)
  if e.ends then redis.call('ZREM', of('y', e.queue), e.id) end
  if e.identity ~= '' then
    redis.call('HDEL', of('i', e.queue), e.identity)
    if REMEMBER > 0 then
      local done = of('d', e.queue)
      redis.call('ZADD', done, now, e.identity)
      redis.call('ZREMRANGEBYSCORE', done, '-inf', now - REMEMBER_FOR)
      redis.call('ZREMRANGEBYRANK', done, 0, -REMEMBER - 1)
    end
  end
  reschedule(e.queue, e.lane)
end

local function forget_for_good(queue, id)
  redis.call('HINCRBY', of('c', queue), 'forgotten', 1)
  local e = read(id)
  if e then return forget(e) end
  for _, set in ipairs({ 'y', 'x', 'z' }) do redis.call('ZREM', of(set, queue), id) end
end

local function wait(e, due, reason)
  leave(e)
  e.state, e.due = 'w', due
  redis.call('HSET', P .. 'e:' .. e.id, 'state', 'w', 'due', due, 'attempts', e.attempts)
  if reason then redis.call('HSET', P .. 'e:' .. e.id, 'reason', reason) end
  enter(e)
  reschedule(e.queue, e.lane)
end

local function set_aside(e, reason)
  leave(e)
  e.state = 'a'
  redis.call('HSET', P .. 'e:' .. e.id, 'state', 'a', 'reason', reason)
  enter(e)
  reschedule(e.queue, e.lane)
  while redis.call('ZCARD', of('z', e.queue)) > ASIDE do
    forget_for_good(e.queue, redis.call('ZRANGE', of('z', e.queue), 0, 0)[1])
  end
end

-- Whatever is due in a queue: leases that end, entries that are too old. True if this was the first time.
local ticked = {}
local function tick(queue)
  if ticked[queue] then return false end
  ticked[queue] = true
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', of('y', queue), '-inf', now, 'LIMIT', 0, 1000)) do
    forget_for_good(queue, id)
  end
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', of('x', queue), '-inf', now, 'LIMIT', 0, 1000)) do
    local e = read(id)
    if not e then
      redis.call('ZREM', of('x', queue), id)
    elseif e.lapse == 'a' then
      set_aside(e, LAPSED)
    else
      wait(e, now, LAPSED)
    end
  end
  return true
end

local function current(id)
  local e = read(id)
  if e and tick(e.queue) then return read(id) end
  return e
end

local function holds(e, attempt)
  return e and (e.state == 'l' or e.state == 'g') and e.attempts == attempt and e.till > now
end
