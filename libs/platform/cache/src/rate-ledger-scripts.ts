/** A member that was not heard for so long shares nothing any more; what it has spent counts on. */
const aliveMs = 10_000;

/**
 * KEYS: the ledger of one limit, a hash of `member → seen held at:amount,at:amount…` and `.born`; the pause of its scope.
 * ARGV: member, window, for how long a new ledger only listens, three capacities, three wants, then age and amount of each spend.
 * Gives: 1 when it lends, three loans, what the others use, members, milliseconds of the pause.
 *
 * What a member holds counts as used, for the whole window after it was last seen: it may have spent it in its last moment.
 */
export const exchangeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local me, window, listen = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local born, others, members = nil, 0, 1
local rows = redis.call('HGETALL', KEYS[1])
for i = 1, #rows, 2 do
  if rows[i] == '.born' then
    born = tonumber(rows[i + 1])
  elseif rows[i] ~= me then
    local seen, held, spends = string.match(rows[i + 1], '^(%d+) (%d+) (.*)$')
    if seen == nil or tonumber(seen) <= now - window then
      redis.call('HDEL', KEYS[1], rows[i])
    else
      if tonumber(seen) > now - ${aliveMs} then members = members + 1 end
      others = others + tonumber(held)
      for at, amount in string.gmatch(spends, '(%d+):(%d+)') do
        if tonumber(at) > now - window then others = others + tonumber(amount) end
      end
    end
  end
end
local own, spends = 0, {}
for i = 10, #ARGV, 2 do
  local at = now - tonumber(ARGV[i])
  if at > now - window then
    own = own + tonumber(ARGV[i + 1])
    spends[#spends + 1] = string.format('%.0f', at) .. ':' .. ARGV[i + 1]
  end
end
if born == nil then
  born = now
  redis.call('HSET', KEYS[1], '.born', string.format('%.0f', now))
end
local lends = now - born >= listen and 1 or 0
local used, held, loans = others + own, 0, { 0, 0, 0 }
if lends == 1 then
  for purse = 1, 3 do
    local loan = math.max(0, math.min(tonumber(ARGV[6 + purse]), tonumber(ARGV[3 + purse]) - used))
    loans[purse] = loan
    used = used + loan
    held = held + loan
  end
end
local row = string.format('%.0f %.0f ', now, held) .. table.concat(spends, ',')
redis.call('HSET', KEYS[1], me, row)
redis.call('PEXPIRE', KEYS[1], window + 60000)
local pause = math.max(0, redis.call('PTTL', KEYS[2]))
return { lends, loans[1], loans[2], loans[3], others, members, pause }
`;

/** KEYS: the pause of a scope. ARGV: milliseconds, channel, word. A shorter one does not end a longer one. */
export const pauseScript = `
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
end
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1
`;
