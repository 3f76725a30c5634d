-- Queue, behind which number, how many. Out: entries.
local queue, after, most = text(), text(), text()
makes_room()
tick(queue)
local listed = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', of('z', queue), '(' .. after, '+inf', 'LIMIT', 0, most)) do
  table.insert(listed, shown(id))
end
return listed
