-- Server, lease; numbers of what it has. Out: the servers whose renewals have not run out, and what it has no more.
local server, length = text(), number()
makes_room()
redis.call('ZREMRANGEBYSCORE', P .. 'a', '-inf', now)
redis.call('ZADD', P .. 'a', now + length, server)
local gone = {}
for _ = 1, number() do
  local id = text()
  local e = current(id)
  if e and e.state == 'l' and e.server == server then
    redis.call('HSET', P .. 'e:' .. id, 'till', now + length)
    redis.call('ZADD', of('x', e.queue), now + length, id)
  else
    table.insert(gone, tonumber(id))
  end
end
return { redis.call('ZRANGE', P .. 'a', 0, -1), gone }
