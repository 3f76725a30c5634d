-- Queue. Out: what waits, is leased, was set aside, was forgotten.
local queue = text()
makes_room()
tick(queue)
local counts = redis.call('HMGET', of('c', queue), 'waiting', 'forgotten')
return { tonumber(counts[1]) or 0, redis.call('ZCARD', of('x', queue)), redis.call('ZCARD', of('z', queue)),
  tonumber(counts[2]) or 0 }
