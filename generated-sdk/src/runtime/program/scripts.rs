//! What happens inside of Redis, each as one step.
//!
//! `c:ID` a command · `w:LANE` who waits, by number · `o:LANE` who is unsettled, by expiry · `l:LANE` who is leased, by
//! the end of the lease · `h:PROGRAM` what a program has · `s:PROGRAM` it was seen · `v:SERVER` what a server handed out
//! · `a` servers, by the end of their lives · `i:SERVER` news · `d:ID` a settled command · `n` the last number.

/// What every script begins with: the time, and how a command is forgotten.
macro_rules! script {
    ($body:literal) => {
        concat!(
            "local p = ARGV[1]
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local DAY = 86400000
local function forget(id)
  local c = redis.call('HMGET', p..'c:'..id, 'lane', 'program', 'by')
  if not c[1] then return false end
  for _, set in ipairs({'w:', 'o:', 'l:'}) do redis.call('ZREM', p..set..c[1], id) end
  if c[2] then redis.call('SREM', p..'h:'..c[2], id) end
  if c[3] then redis.call('SREM', p..'v:'..c[3], id) end
  redis.call('DEL', p..'c:'..id)
  return true
end
local function give_back(id)
  local c = redis.call('HMGET', p..'c:'..id, 'lane', 'program', 'by', 'number')
  if not c[1] or not c[2] then return end
  redis.call('ZREM', p..'l:'..c[1], id)
  redis.call('SREM', p..'h:'..c[2], id)
  if c[3] then redis.call('SREM', p..'v:'..c[3], id) end
  redis.call('HDEL', p..'c:'..id, 'program', 'by')
  redis.call('ZADD', p..'w:'..c[1], c[4], id)
end
local function live(key, time)
  if redis.call('PTTL', key) < time then redis.call('PEXPIRE', key, time) end
end
local function tell(server, news)
  redis.call('RPUSH', p..'i:'..server, news)
  redis.call('LTRIM', p..'i:'..server, -10000, -1)
  redis.call('PEXPIRE', p..'i:'..server, 60000)
end
",
            $body
        )
    };
}

/// Id, lane, body, server, milliseconds to live, whether it has a result, bound.
pub(super) const PUSH: &str = script!(
    "local id, lane, life = ARGV[2], ARGV[3], tonumber(ARGV[6])
local open, waiting = p..'o:'..lane, p..'w:'..lane
redis.call('ZREMRANGEBYSCORE', open, '-inf', now)
if redis.call('ZCARD', open) >= tonumber(ARGV[8]) then return 0 end
if life <= 0 then return 1 end
local number = redis.call('INCR', p..'n')
redis.call('HSET', p..'c:'..id, 'lane', lane, 'body', ARGV[4], 'server', ARGV[5], 'expires', now + life,
  'result', ARGV[7], 'number', number)
redis.call('PEXPIRE', p..'c:'..id, life)
redis.call('ZADD', open, now + life, id)
redis.call('ZADD', waiting, number, id)
live(open, life + DAY)
live(waiting, life + DAY)
return 1"
);

/// Server, how many, lease, number of programs, programs, lanes.
pub(super) const TAKE: &str = script!(
    "local server, most, lease, programs = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local program = ARGV[6]
for at = 6, 5 + programs do
  local has = p..'h:'..ARGV[at]
  if redis.call('SCARD', has) > 0 then
    redis.call('SET', p..'s:'..ARGV[at], '1', 'PX', lease)
    for _, id in ipairs(redis.call('SMEMBERS', has)) do
      local result = redis.call('HGET', p..'c:'..id, 'result')
      if not result then redis.call('SREM', has, id) elseif result == '0' then forget(id) end
    end
  end
end
local next = {}
for at = 6 + programs, #ARGV do
  local lane = ARGV[at]
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', p..'l:'..lane, '-inf', now, 'LIMIT', 0, 100)) do
    if redis.call('EXISTS', p..'c:'..id) == 1 then give_back(id) else redis.call('ZREM', p..'l:'..lane, id) end
  end
  local found = 0
  while found < most do
    local waiting = redis.call('ZRANGE', p..'w:'..lane, found, found, 'WITHSCORES')
    if not waiting[1] then break end
    if redis.call('EXISTS', p..'c:'..waiting[1]) == 1 then
      found = found + 1
      table.insert(next, {tonumber(waiting[2]), waiting[1], lane})
    else
      redis.call('ZREM', p..'w:'..lane, waiting[1])
    end
  end
end
table.sort(next, function(a, b) return a[1] < b[1] end)
local taken = {}
for _, one in ipairs(next) do
  if #taken >= most then break end
  local id, lane = one[2], one[3]
  local c = redis.call('HMGET', p..'c:'..id, 'body', 'server', 'expires', 'result')
  redis.call('ZREM', p..'w:'..lane, id)
  redis.call('ZADD', p..'l:'..lane, now + lease, id)
  redis.call('HSET', p..'c:'..id, 'program', program, 'by', server)
  redis.call('SADD', p..'h:'..program, id)
  redis.call('SADD', p..'v:'..server, id)
  live(p..'l:'..lane, tonumber(c[3]) - now + DAY)
  table.insert(taken, {id, lane, c[1], c[2], tonumber(c[3]), tonumber(c[4])})
end
if #taken > 0 then
  redis.call('SET', p..'s:'..program, '1', 'PX', lease)
  live(p..'h:'..program, DAY)
  live(p..'v:'..server, DAY)
end
return taken"
);

/// Ids.
pub(super) const GIVE_BACK: &str = script!(
    "for at = 2, #ARGV do give_back(ARGV[at]) end
return true"
);

/// Server, id, news for the server that waits.
pub(super) const FINISH: &str = script!(
    "local server, id = ARGV[2], ARGV[3]
if redis.call('EXISTS', p..'d:'..id) == 1 then return 1 end
local origin = redis.call('HGET', p..'c:'..id, 'server')
if not forget(id) then return 0 end
redis.call('SET', p..'d:'..id, '1', 'PX', 600000)
local alive = redis.call('ZSCORE', p..'a', origin)
if origin ~= server and alive and tonumber(alive) > now then
  tell(origin, ARGV[4])
  return 2
end
return 3"
);

/// Id. Of what has been handed out, nobody waits for the result any more.
pub(super) const WITHDRAW: &str = script!(
    "local c = redis.call('HMGET', p..'c:'..ARGV[2], 'lane', 'program')
if not c[1] then return 0 end
if c[2] then
  redis.call('HSET', p..'c:'..ARGV[2], 'server', '')
  return 0
end
forget(ARGV[2])
return 1"
);

/// Server, lease.
pub(super) const RENEW: &str = script!(
    "local server, lease = ARGV[2], tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', p..'a', '-inf', now)
redis.call('ZADD', p..'a', now + math.max(lease, 5000), server)
for _, id in ipairs(redis.call('SMEMBERS', p..'v:'..server)) do
  local c = redis.call('HMGET', p..'c:'..id, 'lane', 'program', 'by')
  if not c[1] or c[3] ~= server then
    redis.call('SREM', p..'v:'..server, id)
  elseif redis.call('EXISTS', p..'s:'..c[2]) == 1 then
    redis.call('ZADD', p..'l:'..c[1], 'XX', now + lease, id)
  end
end
return true"
);

/// From, to (empty: all others), news.
pub(super) const TELL: &str = script!(
    "if ARGV[3] ~= '' then
  tell(ARGV[3], ARGV[4])
else
  for _, server in ipairs(redis.call('ZRANGEBYSCORE', p..'a', now, '+inf')) do
    if server ~= ARGV[2] then tell(server, ARGV[4]) end
  end
end
return true"
);

/// Server.
pub(super) const NEWS: &str = script!("return redis.call('LPOP', p..'i:'..ARGV[2], 100) or {}");
