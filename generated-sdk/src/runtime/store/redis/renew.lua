-- Server, lease. Out: the servers whose renewals have not run out.
local server, length = text(), number()
makes_room()
redis.call('ZREMRANGEBYSCORE', P .. 'a', '-inf', now)
redis.call('ZADD', P .. 'a', now + length, server)
for _, id in ipairs(redis.call('SMEMBERS', P .. 'v:' .. server)) do
  local e = current(id)
  if e and e.state == 'l' and e.server == server then
    redis.call('HSET', P .. 'e:' .. id, 'till', now + length)
    redis.call('ZADD', of('x', e.queue), now + length, id)
  else
    redis.call('SREM', P .. 'v:' .. server, id)
  end
end
return redis.call('ZRANGE', P .. 'a', 0, -1)
