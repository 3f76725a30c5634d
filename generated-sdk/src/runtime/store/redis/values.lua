-- Prefix. Out: names and texts. No text has a byte 255.
local prefix = text()
local named = {}
for _, name in ipairs(redis.call('ZRANGEBYLEX', P .. 'VN', '[' .. prefix, '(' .. prefix .. '\255')) do
  local ends = tonumber(redis.call('ZSCORE', P .. 'VE', name))
  local value = redis.call('HGET', P .. 'V', name)
  if value and not (ends and ends <= now) then table.insert(named, { name, value }) end
end
return named
