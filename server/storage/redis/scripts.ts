/**
 * The scripts that the engine runs: each as a whole or not at all. All keys of a call have one hash
 * tag, so that a cluster takes them too.
 */

/** What the simulator runs, in scripts or not: a user needs the right to no other command. */
export const neededCommands: readonly string[] = [
  ...['hset', 'hget', 'hmget', 'hgetall', 'hlen', 'hstrlen', 'hexists', 'hincrby', 'hscan', 'hdel'],
  ...['zadd', 'zcard', 'zrange', 'zrem', 'zrangebyscore', 'zremrangebyrank'],
  ...['unlink', 'exists', 'get', 'set', 'del', 'time', 'xadd', 'xlen', 'xrange', 'xdel'],
  ...['eval', 'evalsha', 'publish', 'subscribe', 'info', 'ping', 'hello', 'select'],
  ...['cluster|slots', 'asking'],
];

/** Characters of a token, which each stored value begins with. */
export const tokenLength = 12;

/**
 * Takes commits of one client, one after the other. Each compares records, and changes others if
 * none has changed: it compares everything first, so what it refuses has changed nothing. KEYS: the
 * client's `meta`; then for each collection its records and the order in which they came. ARGV: see
 * `CommitQueue.build`. Returns `ok`, the incarnation, and for each commit how many request ids were
 * deleted, or why it was refused.
 *
 * Without flags: the engine then refuses the first write of a script when its memory is full, and
 * none after that.
 */
const commit = `
local meta = redis.call('HMGET', KEYS[1], 'incarnation', 'version')
if ARGV[1] ~= '' and meta[1] ~= ARGV[1] then return {'lost'} end
if (meta[2] or '0') ~= ARGV[2] then return {'control'} end
local limit = tonumber(ARGV[6])
local function weigh(records, id, bytes)
  if limit == 0 then return end
  local before = redis.call('HSTRLEN', records, id)
  if before > 0 then bytes = bytes - before - #id end
  redis.call('HINCRBY', KEYS[1], 'bytes', bytes)
end
local function overflow(from, to)
  local bytes = tonumber(redis.call('HGET', KEYS[1], 'bytes') or '0')
  if bytes < limit then return nil end
  for n = from, to, 4 do
    if ARGV[n + 1] == 'n' and ARGV[n + 3] ~= ''
      and redis.call('HEXISTS', KEYS[2 * ARGV[n]], ARGV[n + 2]) == 0 then
      return {'full', bytes}
    end
  end
end
local function trim(records, order)
  local surplus = redis.call('ZCARD', order) - ARGV[5]
  if surplus <= 0 then return 0 end
  for _, id in ipairs(redis.call('ZRANGE', order, 0, surplus - 1)) do
    weigh(records, id, 0)
    redis.call('HDEL', records, id)
  end
  redis.call('ZREMRANGEBYRANK', order, 0, surplus - 1)
  return surplus
end
local function change(from, to)
  if not meta[1] then
    meta[1] = ARGV[4]
    redis.call('HSET', KEYS[1], 'incarnation', ARGV[4])
  end
  local surplus = 0
  for n = from, to, 4 do
    local records, order = KEYS[2 * ARGV[n]], KEYS[2 * ARGV[n] + 1]
    local id, value = ARGV[n + 2], ARGV[n + 3]
    if value == '' then
      weigh(records, id, 0)
      if redis.call('HDEL', records, id) == 1 then redis.call('ZREM', order, id) end
    else
      weigh(records, id, #id + #value)
      if redis.call('HSET', records, id, value) == 1 then
        redis.call('ZADD', order, redis.call('HINCRBY', KEYS[1], 'births', 1), id)
        if ARGV[n + 1] == 'r' then surplus = surplus + trim(records, order) end
      end
    end
  end
  return surplus
end
local at, outcomes = 7, {'ok', ''}
while at <= #ARGV do
  local reads, changes = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  local from = at + 2 + 3 * reads
  local to = from + 4 * changes - 1
  local held, differs = {'held'}, false
  for n = at + 2, from - 1, 3 do
    local value = redis.call('HGET', KEYS[2 * ARGV[n]], ARGV[n + 1]) or ''
    held[#held + 1] = value
    if string.sub(value, 1, ${tokenLength}) ~= ARGV[n + 2] then differs = true end
  end
  local outcome = 0
  if differs then outcome = held
  elseif changes > 0 then
    outcome = limit > 0 and overflow(from, to) or change(from, to)
  end
  outcomes[#outcomes + 1] = outcome
  at = to + 1
end
if ARGV[3] ~= '' and type(outcomes[3]) ~= 'table' then
  if not meta[1] then
    meta[1] = ARGV[4]
    redis.call('HSET', KEYS[1], 'incarnation', ARGV[4])
  end
  redis.call('HINCRBY', KEYS[1], 'version', 1)
  redis.call('HSET', KEYS[1], 'control', ARGV[3])
end
outcomes[2] = meta[1] or ''
return outcomes
`;

/**
 * Deletes records of some kinds. KEYS: as above. ARGV: whether bytes are counted. Allowed when the
 * engine's memory is full, for it makes room.
 */
const clear = `#!lua flags=allow-oom
for n = 2, #KEYS, 2 do
  if ARGV[1] == '1' then
    local bytes = 0
    local found = {'0'}
    repeat
      found = redis.call('HSCAN', KEYS[n], found[1], 'COUNT', 1000)
      for i = 1, #found[2], 2 do bytes = bytes + #found[2][i] + #found[2][i + 1] end
    until found[1] == '0'
    if bytes > 0 then redis.call('HINCRBY', KEYS[1], 'bytes', -bytes) end
  end
  redis.call('UNLINK', KEYS[n], KEYS[n + 1])
end
`;

/**
 * Renews the lease of a replica, and returns what all share and how many replicas there are. KEYS:
 * replicas, the shared control. ARGV: id, milliseconds of the lease, the end of the one before,
 * what others may know of it.
 * Allowed when the engine's memory is full: a replica that can still answer must not look dead.
 *
 * Where the lease before is not there, the engine has lost what it acknowledged.
 */
const renew = `#!lua flags=allow-oom
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local before = tonumber(string.match(redis.call('HGET', KEYS[1], ARGV[1]) or '0', '^%d+'))
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now + ARGV[2]) .. ' ' .. ARGV[4])
local shared = redis.call('HMGET', KEYS[2], 'accepted', 'version')
local state = 'kept'
if before < tonumber(ARGV[3]) then state = 'lost' end
local replicas = redis.call('HLEN', KEYS[1])
return {state, string.format('%.0f', now), shared[1] or '', shared[2] or '0', tostring(replicas)}
`;

/**
 * Replaces what all replicas share, if it is still the version that was read. KEYS: the shared
 * control. ARGV: version, text.
 */
const share = `#!lua flags=allow-oom
local version = redis.call('HGET', KEYS[1], 'version') or '0'
if version ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'version', version + 1, 'control', ARGV[2])
return version + 1
`;

/**
 * Whether the user may run what the other scripts need: returns the first refusal. KEYS: two that
 * nothing else uses.
 */
const probe = `#!lua flags=allow-oom
local tries = {
  {'HSET', KEYS[1], 'a', '1'}, {'HGET', KEYS[1], 'a'}, {'HMGET', KEYS[1], 'a'},
  {'HGETALL', KEYS[1]}, {'HLEN', KEYS[1]}, {'HSTRLEN', KEYS[1], 'a'}, {'HEXISTS', KEYS[1], 'a'},
  {'HINCRBY', KEYS[1], 'n', 1}, {'HSCAN', KEYS[1], '0'}, {'HDEL', KEYS[1], 'a', 'n'},
  {'ZADD', KEYS[2], 1, 'a'}, {'ZCARD', KEYS[2]}, {'ZRANGE', KEYS[2], 0, -1}, {'ZREM', KEYS[2], 'a'},
  {'ZRANGEBYSCORE', KEYS[2], 0, 1}, {'ZREMRANGEBYRANK', KEYS[2], 0, 0},
  {'UNLINK', KEYS[1], KEYS[2]},
  {'EXISTS', KEYS[1]}, {'GET', KEYS[1]}, {'DEL', KEYS[1]}, {'TIME'},
  {'XADD', KEYS[1], '1-0', 'e', ''}, {'XLEN', KEYS[1]}, {'XRANGE', KEYS[1], '-', '+'},
  {'XDEL', KEYS[1], '1-0'}, {'SET', KEYS[1], '', 'NX', 'PX', '1000'}, {'DEL', KEYS[1]}
}
for _, command in ipairs(tries) do
  local reply = redis.pcall(unpack(command))
  local err = type(reply) == 'table' and reply.err or ''
  if string.find(err, "can't") or string.find(err, 'permission') then
    return command[1] .. ': ' .. err
  end
end
return ''
`;

/** Releases a lock if it is still the one that was taken. KEYS: the lock. ARGV: its value. */
const unlock = `#!lua flags=allow-oom
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
`;

/** Who is there. KEYS: replicas. Returns the engine's time, then names and what each has noted. */
const roll = `#!lua flags=no-writes,allow-oom
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
return {now, redis.call('HGETALL', KEYS[1])}
`;

/**
 * Appends exchanges that are over. The number of an entry is its place in the stream. Old ones are
 * deleted beyond the limits. Allowed when the engine's memory is full, for the limits bound it.
 * KEYS: the stream, its sums. ARGV: most entries, most bytes, the replica, the number of its batch,
 * then the entries. A batch that came already is recognised: its reply was lost.
 */
const append = `#!lua flags=allow-oom
local batch = 'batch ' .. ARGV[3]
local known = redis.call('HGET', KEYS[2], batch) or ''
local seen, place = string.match(known, '^(%d+) (%d+)$')
if seen == ARGV[4] then return tonumber(place) end
local number, bytes
for n = 5, #ARGV do
  number = redis.call('HINCRBY', KEYS[2], 'number', 1)
  bytes = redis.call('HINCRBY', KEYS[2], 'bytes', #ARGV[n])
  redis.call('XADD', KEYS[1], number .. '-0', 'e', ARGV[n])
end
local size = redis.call('XLEN', KEYS[1])
while size > 1 and (size > tonumber(ARGV[1]) or bytes > tonumber(ARGV[2])) do
  local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
  bytes = redis.call('HINCRBY', KEYS[2], 'bytes', -#oldest[2][2])
  redis.call('XDEL', KEYS[1], oldest[1])
  size = size - 1
end
redis.call('HSET', KEYS[2], batch, ARGV[4] .. ' ' .. number)
return number
`;

/**
 * Writes into the stream that a replica has gone without a word: what it had not appended is lost.
 * Only the first to notice does. KEYS: replicas, the stream, its sums. ARGV: id, the entry.
 */
const bury = `#!lua flags=allow-oom
local noted = redis.call('HGET', KEYS[1], ARGV[1])
if not noted or string.find(noted, ' gone$') then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], string.match(noted, '^%d+') .. ' gone')
local number = redis.call('HINCRBY', KEYS[3], 'number', 1)
redis.call('XADD', KEYS[2], number .. '-0', 'e', ARGV[2])
redis.call('HINCRBY', KEYS[3], 'bytes', #ARGV[2])
return number
`;

export const scripts = { commit, clear, probe, renew, share, unlock, roll, append, bury } as const;
export type ScriptName = keyof typeof scripts;
