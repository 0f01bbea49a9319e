// A correct merchant client and its certify driver, with Node alone, and a switch for each mistake:
//
//   alipayhk-mock certify -- node test/conformance/mutants/client.mjs [M01 … M89]
//
// Without an argument it is correct. With one it bypasses a single step; every line that does so
// asks `is('Mxx')`. It shares no code with the package: it is a second reading of the documents.
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  randomUUID,
  sign,
  verify,
} from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

class Lost extends Error {}

/** What the pages name; an answer may hold more. */
const resultMembers = new Set(['resultCode', 'resultStatus', 'resultMessage']);

/** The program ends with exit code 1, and says nothing. */
export class NoOpinion extends Error {}

/**
 * One start of the program: what is not in its outbox is forgotten at its end.
 *
 * @param mutant the mistake, `M01`; empty: none
 * @param env what certify gives to a driver
 * @param signal ends it as a kill does: connections break, and nothing more is sent or stored
 * @returns does the one job
 */
export const startMerchant = (mutant, env, signal) => {
  const is = (...ids) => ids.includes(mutant);
  const pauseFactor = Number(env.ALIPAYHK_CERTIFY_PAUSE_FACTOR ?? 1);
  const timeoutMs = is('M61') ? 1000 : Number(env.MERCHANT_TIMEOUT_MS ?? 8000);
  const clockToleranceMs = 300_000;
  /** The documented plan: at once, three times after 2 s, after 10 and after 30 minutes. */
  const quickPausesMs = [2000, 2000, 2000];
  const laterPausesMs = [600_000, 1_800_000];

  const clientId = env.ALIPAYHK_CLIENT_ID;
  const baseUrl = new URL(env.ALIPAYHK_BASE_URL);
  const readPrivate = (text) =>
    createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
  const readPublic = (text) =>
    createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
  const merchantKey = readPrivate(env.ALIPAYHK_PRIVATE_KEY);
  const signingKey = is('M58')
    ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    : merchantKey;
  const platformKeys = new Map(
    Object.entries(
      JSON.parse(env.ALIPAYHK_PLATFORM_KEYS ?? `{"1":"${env.ALIPAYHK_PLATFORM_KEY}"}`),
    ).map(([version, key]) => [Number(version), readPublic(key)]),
  );
  const newestVersion = Math.max(...platformKeys.keys());
  const startedAt = Date.now();

  // ── The outbox: what was said is kept until its outcome is known ──────────────────────────────────

  const outboxFile = `${env.ALIPAYHK_CERTIFY_STATE}/outbox.json`;
  const readOutbox = () => {
    try {
      return JSON.parse(readFileSync(outboxFile, 'utf8'));
    } catch {
      return { open: [], eventTimes: {} };
    }
  };
  const outbox = is('M31') ? { open: [], eventTimes: {} } : readOutbox();
  const saveOutbox = () => {
    if (is('M31') || signal?.aborted) return;
    writeFileSync(`${outboxFile}.new`, JSON.stringify(outbox));
    renameSync(`${outboxFile}.new`, outboxFile);
  };
  const remove = (entry) => {
    outbox.open = outbox.open.filter((other) => other !== entry);
    saveOutbox();
  };

  // ── A message becomes a body, once ────────────────────────────────────────────────────────────────

  const operations = {
    syncAdditionalInfo: { thing: 'accountId', eventTime: 'requestTime' },
    syncAccountLinkage: { thing: 'externalIdentityValue', eventTime: 'bizTime' },
    syncPaymentInfo: { thing: 'accountId', eventTime: 'requestTime' },
    syncOrder: { thing: 'merchantBizNo', eventTime: 'orderModifyTime', optional: 'tinyAppId' },
    updateMembershipCard: { thing: 'passId' },
  };

  let counter = Date.now() * 100;
  /** Saved with the message that is counted. */
  const countMessages = (operation) => {
    outbox.counts ??= {};
    outbox.counts[operation] = (outbox.counts[operation] ?? 0) + 1;
    return outbox.counts[operation];
  };
  let messages = 0;
  let isResumed = false;
  const newRequestId = (message, operation) => {
    if (is('M43')) return String(message[operations[operation].thing]);
    if (is('M44') && operation === 'syncOrder') return randomUUID();
    if (is('M59')) return `${clientId}N${countMessages(operation)}`;
    if (is('M60')) return String(++counter);
    return randomBytes(16).toString('hex');
  };

  const damage = (value) => {
    if (typeof value === 'string') return value.replaceAll('+', ' ');
    if (Array.isArray(value)) return value.map(damage);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, damage(item)]));
    return value;
  };

  const addMessage = ({ operation, path, sealed }, given) => {
    const { thing, eventTime, optional } = operations[operation];
    const message = is('M42') ? damage(given) : { ...given };
    if (eventTime !== undefined) {
      // A later event of the same thing has a greater time, even within one millisecond.
      const last = outbox.eventTimes[message[thing]] ?? 0;
      message[eventTime] = is('M36')
        ? Math.floor(message[eventTime] / 1000) * 1000
        : Math.max(message[eventTime], last + 1);
      outbox.eventTimes[message[thing]] = message[eventTime];
    }
    if (is('M63') && operation === 'syncOrder') message.orderCreateTime = message.orderModifyTime;
    if (is('M68') && optional !== undefined) message[optional] ??= '';
    const body =
      operation === 'updateMembershipCard'
        ? message
        : { requestId: newRequestId(message, operation), ...message };
    messages += 1;
    const entry = {
      operation,
      path,
      sealed: sealed && !(is('M64') && messages % 2 === 0),
      thing: `${operation} ${message[thing]}`,
      status: message.orderStatus,
      body: JSON.stringify(body),
      attempts: 0,
    };
    outbox.open.push(entry);
    saveOutbox();
    return entry;
  };

  /** The mistakes that change a message between two attempts. */
  const changeBody = (entry, last) => {
    const body = JSON.parse(entry.body);
    const { eventTime } = operations[entry.operation];
    const renewsId =
      (is('M01') && last === 'answered-u') ||
      (is('M02') && last === 'lost') ||
      (is('M03') && last === 'untrusted') ||
      (is('M87') && entry.last?.isRefused === true);
    const isLate = isResumed && is('M71');
    if ((renewsId || isLate) && body.requestId !== undefined)
      body.requestId = randomBytes(16).toString('hex');
    if (is('M04') && eventTime === 'requestTime') body.requestTime = Date.now();
    entry.body = JSON.stringify(
      is('M05') ? Object.fromEntries(Object.entries(body).reverse()) : body,
    );
  };

  // ── Signing, encrypting ───────────────────────────────────────────────────────────────────────────

  const quote = (bytes) => encodeURIComponent(bytes.toString('base64'));
  const unquote = (text) => Buffer.from(decodeURIComponent(text), 'base64');
  const signingContent = (path, time, body, id = clientId) =>
    Buffer.concat([Buffer.from(`POST ${path}\n${id}.${time}.`), body]);
  const pkcs1 = (key) => ({ key, padding: constants.RSA_PKCS1_PADDING });
  const bare = (key) => ({ key, padding: constants.RSA_NO_PADDING });

  const requestTime = () => {
    if (is('M40')) return new Date(Date.now() + 420_000).toISOString();
    if (is('M41')) return new Date(startedAt).toISOString();
    if (is('M62')) return String(Date.now());
    return new Date().toISOString();
  };

  const prepare = (entry) => {
    if (is('M06') && entry.signed !== undefined)
      return { ...entry.signed, body: Buffer.from(entry.signed.body, 'base64') };
    let body = Buffer.from(entry.body);
    const headers = { 'Content-Type': 'application/json; charset=UTF-8', 'Client-Id': clientId };
    if (entry.sealed) {
      const key = is('M30') ? Buffer.alloc(32, 7) : randomBytes(32);
      const cipher = createCipheriv('aes-256-ecb', key, null);
      const sealed = Buffer.concat([cipher.update(body), cipher.final()]);
      body = Buffer.from(sealed.toString('base64'));
      const wrapped = quote(publicEncrypt(pkcs1(platformKeys.get(newestVersion)), key));
      headers['Content-Type'] = 'text/plain; charset=UTF-8';
      headers.Encrypt = `algorithm=RSA_AES,keyVersion=${newestVersion},symmetricKey=${wrapped}`;
    }
    headers['Request-Time'] = requestTime();
    const signedBody = is('M78') ? Buffer.from(body.toString().replaceAll('\\n', '')) : body;
    const content = signingContent(entry.path, headers['Request-Time'], signedBody);
    const signature = quote(sign('sha256', content, signingKey));
    headers.Signature = `algorithm=RSA256,keyVersion=1,signature=${signature}`;
    headers['Content-Length'] = body.length;
    if (is('M66')) headers['x-mock-tenant'] = 'test';
    if (is('M06')) {
      entry.signed = { headers, body: body.toString('base64') };
      saveOutbox();
    }
    return { headers, body };
  };

  // ── One attempt on the wire ───────────────────────────────────────────────────────────────────────

  const agent = new Agent({ keepAlive: !is('M67'), maxSockets: 8 });

  /** The whole answer within the time, or Lost. */
  const exchange = (path, { headers, body }, mayRepeat = true) =>
    new Promise((resolve, reject) => {
      const lose = (why) => reject(new Lost(why));
      const url = new URL(path, baseUrl);
      const sent = httpRequest(url, { method: 'POST', headers, agent, signal }, (response) => {
        if (is('M14')) clearTimeout(timer);
        const chunks = [];
        const end = () => {
          clearTimeout(timer);
          const { rawHeaders, statusCode } = response;
          resolve({ status: statusCode, rawHeaders, body: Buffer.concat(chunks) });
        };
        response.on('data', (chunk) => {
          if (is('M15')) timer.refresh();
          chunks.push(chunk);
        });
        response.on('end', end);
        response.on('error', (error) => {
          clearTimeout(timer);
          if (is('M16') && chunks.length > 0) end();
          else lose(error.message);
        });
      });
      const timer = setTimeout(
        () => sent.destroy(new Error('timed out')),
        is('M13') ? 2 ** 31 - 1 : timeoutMs,
      );
      sent.on('error', (error) => {
        clearTimeout(timer);
        // A library that repeats a POST when a kept connection turns out to be dead.
        if (is('M49') && mayRepeat && sent.reusedSocket)
          exchange(path, { headers, body }, false).then(resolve, reject);
        else lose(error.message);
      });
      sent.end(body);
    });

  /** Two requests written on one connection before the first answer is read. */
  const pipeline = (entries) =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(baseUrl.port), baseUrl.hostname);
      const timer = setTimeout(() => socket.destroy(new Error('timed out')), timeoutMs);
      let received = Buffer.alloc(0);
      const answers = [];
      socket.on('data', (chunk) => {
        received = Buffer.concat([received, chunk]);
        for (;;) {
          const head = received.indexOf('\r\n\r\n');
          if (head < 0) return;
          const [statusLine, ...lines] = received
            .subarray(0, head)
            .toString('latin1')
            .split('\r\n');
          const rawHeaders = lines.flatMap((line) => {
            const colon = line.indexOf(':');
            return [line.slice(0, colon), line.slice(colon + 1).trim()];
          });
          const length = Number(headerValues({ rawHeaders }, 'content-length')[0]);
          if (!(received.length >= head + 4 + length)) return;
          const body = received.subarray(head + 4, head + 4 + length);
          answers.push({ status: Number(statusLine.split(' ')[1]), rawHeaders, body });
          received = received.subarray(head + 4 + length);
          if (answers.length === entries.length) socket.end();
        }
      });
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearTimeout(timer);
        resolve(answers);
      });
      socket.on('connect', () => {
        for (const { path, prepared } of entries) {
          const lines = Object.entries({ Host: baseUrl.host, ...prepared.headers });
          const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
          socket.write(`POST ${path} HTTP/1.1\r\n${text}\r\n`);
          socket.write(prepared.body);
        }
      });
      socket.once('connectFailed', reject);
    });

  // ── What an answer says ───────────────────────────────────────────────────────────────────────────

  const headerValues = ({ rawHeaders }, name) =>
    rawHeaders.filter(
      (_, index) => index % 2 === 1 && rawHeaders[index - 1].toLowerCase() === name,
    );

  /** The value of a header that must come exactly once. */
  const header = (answer, name) => {
    const values = headerValues(answer, name);
    return values.length === 1 || is('M26') ? values[0] : undefined;
  };

  const pair = (text, key) => new RegExp(`(?:^|,)\\s*${key}=([^,\\s]+)`).exec(text ?? '')?.[1];

  /** Why the answer does not count; undefined: the platform vouches for it. */
  const distrust = (entry, answer) => {
    if (is('M47')) return 'refused';
    const signatureHeader = header(answer, 'signature');
    const time = header(answer, 'response-time');
    if (is('M20') && headerValues(answer, 'signature').length === 0) return undefined;
    if (signatureHeader === undefined) return 'unsigned';
    if (is('M21') && time === undefined) return undefined;
    if (time === undefined) return 'without Response-Time';
    const signature = pair(signatureHeader, 'signature');
    if (signature === undefined || pair(signatureHeader, 'algorithm') !== 'RSA256')
      return 'signature is unreadable';
    const version = Number(pair(signatureHeader, 'keyVersion'));
    let key = platformKeys.get(version);
    if (is('M27')) key ??= platformKeys.get(newestVersion);
    if (is('M53')) key = platformKeys.get(Math.min(...platformKeys.keys()));
    if (key === undefined && is('M83')) return undefined;
    if (key === undefined) return `signed with the unknown key version ${version}`;
    let { body } = answer;
    if (is('M22'))
      body = entry.sealed ? body : Buffer.from(JSON.stringify(parse(body.toString()) ?? ''));
    const id = is('M24') ? (header(answer, 'client-id') ?? clientId) : clientId;
    const content = signingContent(entry.path, time, body, id);
    const isSigned = is('M55')
      ? /^[A-Za-z0-9+/=%]{344,}$/.test(signature)
      : verify('sha256', content, key, unquote(signature));
    if (!isSigned && !is('M23')) return 'signature does not verify';
    const distance = Math.abs(Date.parse(time) - Date.now());
    if (!(distance <= clockToleranceMs) && !is('M25')) return `Response-Time ${time} is not of now`;
    return undefined;
  };

  const parse = (text) => {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  };

  /** Node's own PKCS#1 v1.5 decryption depends on its version: 0, 2, padding, 0, the key. */
  const unpad = (block) => {
    const end = block.indexOf(0, 2);
    if (block[0] !== 0 || block[1] !== 2 || end < 10) throw new Error('not padded');
    return block.subarray(end + 1);
  };

  const decrypt = (answer) => {
    const wrapped = pair(header(answer, 'encrypt'), 'symmetricKey');
    if (wrapped === undefined) return undefined;
    try {
      const key = unpad(privateDecrypt(bare(merchantKey), unquote(wrapped)));
      const decipher = createDecipheriv('aes-256-ecb', key, null);
      const sealed = Buffer.from(answer.body.toString(), 'base64');
      return Buffer.concat([decipher.update(sealed), decipher.final()]).toString();
    } catch {
      return undefined;
    }
  };

  const readResult = (text) => {
    const json = parse(text);
    const result = json?.result ?? json?.resultInfo;
    return typeof result === 'object' && result !== null && /^[SFU]$/.test(result.resultStatus)
      ? {
          code: result.resultCode,
          letter: result.resultStatus,
          orderStatus: json.orderStatus,
          hasUnknownMembers: Object.keys(result).some((name) => !resultMembers.has(name)),
        }
      : undefined;
  };

  /** What is known after an answer: `S`, `F`, or why the outcome is unknown. */
  const classify = (entry, answer) => {
    const plain = answer.body.toString();
    if (is('M19') && answer.status >= 500) return { view: 'F', code: `HTTP ${answer.status}` };
    if (is('M17') && answer.status === 200 && plain === '') return { view: 'S' };
    if (is('M80') && answer.status >= 500) return { view: 'S' };
    const why = distrust(entry, answer);
    if (why !== undefined) {
      // Nobody vouches for the code: it helps a person, and decides nothing.
      const hint = is('M51') ? undefined : readResult(plain);
      if (is('M82') && why === 'unsigned' && hint?.letter === 'F') return { view: 'S', ...hint };
      if (is('M28') && why === 'unsigned' && hint?.letter === 'F') return { view: 'F', ...hint };
      return { view: 'untrusted', why, code: hint?.code, letter: hint?.letter };
    }
    const isEncrypted = headerValues(answer, 'encrypt').length > 0;
    const text = entry.sealed && isEncrypted ? decrypt(answer) : plain;
    if (text === undefined)
      return is('M54')
        ? { view: 'F', code: 'unreadable' }
        : { view: is('M84') ? 'S' : 'untrusted', why: 'not for us' };
    const result = readResult(text);
    if (result === undefined && is('M85')) return { view: 'F', code: 'unreadable' };
    if (result === undefined)
      return is('M18') && text.includes('SUCCESS')
        ? { view: 'S' }
        : { view: 'untrusted', why: 'no result' };
    // A refusal from before decryption comes in the clear; a success never does.
    if (entry.sealed && !isEncrypted && result.letter === 'S' && !is('M29'))
      return { view: 'untrusted', why: 'in the clear' };
    return interpret(result);
  };

  const interpret = ({ letter, ...result }) => {
    if (letter === 'U') {
      if (is('M07')) return { view: 'F', ...result };
      if (is('M08')) return { view: 'S', ...result };
      if (is('M09') && result.code !== 'UNKNOWN_EXCEPTION') return { view: 'F', ...result };
      return { view: 'answered-u', ...result };
    }
    if (letter === 'F') {
      if (is('M81')) return { view: 'S', ...result };
      if (is('M87') && result.code === 'UNKNOWN_EXCEPTION')
        return { view: 'answered-u', isRefused: true, ...result };
      if (is('M10')) return { view: 'answered-u', ...result };
      if (is('M11') && result.code === 'UNKNOWN_EXCEPTION') return { view: 'S', ...result };
      if (is('M52') && result.code === 'PASS_UPDATE_FAIL') return { view: 'answered-u', ...result };
    }
    return { view: letter, ...result };
  };

  // ── Attempts until the outcome is known ───────────────────────────────────────────────────────────

  const attempt = async (entry) => {
    signal?.throwIfAborted();
    if (entry.attempts > 0) changeBody(entry, entry.last?.view);
    entry.attempts += 1;
    saveOutbox(); // before the first byte leaves
    let last;
    try {
      const latencyMs = Number(env.MERCHANT_LATENCY_MS ?? 0);
      await sleep(latencyMs, undefined, { signal });
      const ready = entry.ready ?? (await exchange(entry.path, prepare(entry)));
      await sleep(latencyMs, undefined, { signal });
      delete entry.ready;
      last = classify(entry, ready);
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      if (is('M79')) last = { view: 'S' };
      else last = is('M12') ? { view: 'F', code: 'lost' } : { view: 'lost', why: error.message };
    }
    entry.last = last;
    if (last.view === 'S' && is('M56') && entry.attempts < 3) {
      // Long enough to have read the answer: what is on its way before that is not judged.
      await sleep(100, undefined, { signal });
      return attempt(entry);
    }
    if (
      last.view === 'F' &&
      is('M39') &&
      last.code === 'ORDER_STATUS_INVALID' &&
      entry.attempts < 3
    ) {
      const body = JSON.parse(entry.body);
      entry.body = JSON.stringify({ ...body, requestId: randomBytes(16).toString('hex') });
      await sleep(pauseBefore(entry), undefined, { signal });
      return attempt(entry);
    }
    if (last.view === 'untrusted' && is('M46')) entry.isDropped = true;
    if (last.view === 'untrusted' && is('M48')) {
      remove(entry);
      throw new NoOpinion('a rejected signature ended the program');
    }
    const isSettled = last.view === 'S' || last.view === 'F' || entry.isDropped;
    if (isSettled && !staysOpen(entry)) remove(entry);
    else saveOutbox();
    return last;
  };

  /** The mistakes that leave a settled message in the outbox. */
  const staysOpen = ({ attempts, last, place = 0 }) =>
    (is('M72') && attempts > 1 && last.view === 'S') ||
    (is('M73') && last.view === 'F') ||
    (is('M74') && place > 0 && attempts === 1) ||
    (is('M75') && last.hasUnknownMembers === true);

  const isFinal = (entry) => ['S', 'F'].includes(entry.last?.view) || entry.isDropped === true;

  const pauseBefore = (entry) => {
    if (is('M32')) return 0;
    if (is('M34')) return (pauseFactor * 2000) / 3 ** (entry.attempts - 1);
    if (is('M57') && entry.last.code === 'REQUEST_TRAFFIC_EXCEED_LIMIT') return pauseFactor * 300;
    return pauseFactor * (quickPausesMs[entry.attempts - 1] ?? 2000);
  };

  const sendUntilKnown = async (entry) => {
    await attempt(entry);
    while (!isFinal(entry)) {
      const isEndless = is('M33') || (is('M52') && entry.last.code === 'PASS_UPDATE_FAIL');
      const isGivenUp = is('M89') && entry.last.view === 'untrusted' && entry.last.letter === 'F';
      if (isGivenUp || (entry.attempts > quickPausesMs.length && !isEndless)) break;
      await sleep(pauseBefore(entry), undefined, { signal });
      await attempt(entry);
    }
    if (is('M35') && !isFinal(entry)) remove(entry);
    const isDoubled = is('M77') || (is('M76') && entry.attempts > 1);
    if (isDoubled && entry.last.view === 'S' && !entry.isSecond) await sendUnderNewId(entry);
  };

  const sendUnderNewId = async (entry) => {
    const body = JSON.parse(entry.body);
    if (body.requestId === undefined) return;
    body.requestId = randomBytes(16).toString('hex');
    const second = { ...entry, body: JSON.stringify(body), attempts: 0, isSecond: true };
    // Long enough to have read the answer: what is on its way before that is not judged.
    await sleep(100, undefined, { signal });
    await attempt(second);
  };

  // ── The driver ────────────────────────────────────────────────────────────────────────────────────

  const report = (entry) => {
    const { view = 'lost', code, why, orderStatus } = entry.last ?? {};
    const claim = { attempts: entry.attempts, pausesScaled: true };
    if (code !== undefined) claim.resultCode = is('M86') ? 'REFUSED' : code;
    if (orderStatus !== undefined && !is('M38'))
      claim.observed = { orderStatus: is('M88') ? entry.status : orderStatus };
    if (is('M45')) return { ...claim, outcome: 'UNKNOWN' };
    if (view === 'S') return { ...claim, outcome: 'SUCCESS' };
    if (is('M89') && view === 'untrusted' && entry.last.letter === 'F')
      return { ...claim, outcome: 'FAILED' };
    if (view === 'F') return { ...claim, outcome: 'FAILED', alerted: !is('M69') };
    claim.outcome = 'UNKNOWN';
    claim.reason = why ?? 'answered U';
    const pause = laterPausesMs[entry.attempts - quickPausesMs.length - 1];
    if (pause === undefined) claim.alerted = !is('M69');
    else if (!is('M35', 'M46', 'M70')) claim.nextAttemptInMs = Math.round(pause * pauseFactor);
    return claim;
  };

  /** The worst of several outcomes speaks for all. */
  const summary = (claims) =>
    claims.find(({ outcome }) => outcome === 'UNKNOWN') ??
    claims.find(({ outcome }) => outcome === 'FAILED') ??
    claims[0];

  const sendAll = async (job) => {
    const entries = job.messages.map((message, place) =>
      Object.assign(addMessage(job, message), { place }),
    );
    if (is('M50')) {
      const ready = entries.slice(0, new Set(entries.map(({ thing }) => thing)).size > 1 ? 2 : 0);
      const prepared = ready.map((entry) => ({ path: entry.path, prepared: prepare(entry) }));
      const answers = await pipeline(prepared);
      for (const [index, answer] of answers.entries()) ready[index].ready = answer;
    }
    if (is('M37')) await Promise.all(entries.map(sendUntilKnown));
    else
      for (const entry of entries) {
        // Behind an open message of the same thing it waits for its turn.
        const isBlocked = outbox.open.some(
          (other) =>
            other.thing === entry.thing &&
            other !== entry &&
            !isFinal(other) &&
            entries.indexOf(other) < entries.indexOf(entry),
        );
        if (!isBlocked) await sendUntilKnown(entry);
      }
    const outcomes = entries.map((entry, index) => ({ ...report(entry), message: index + 1 }));
    return { ...summary(outcomes), outcomes };
  };

  /** One attempt of each open message; of one thing in order, as far as the first is settled. */
  const resume = async () => {
    const claims = [];
    const blocked = new Set();
    if (is('M70')) return { outcome: 'UNKNOWN' };
    isResumed = true;
    // What is on its way when a report is read does not contradict it.
    if (is('M72', 'M73', 'M74', 'M75', 'M89')) await sleep(100, undefined, { signal });
    for (const entry of [...outbox.open]) {
      if (blocked.has(entry.thing)) continue;
      await attempt(entry);
      if (!isFinal(entry)) blocked.add(entry.thing);
      claims.push(report(entry));
    }
    if (claims.length === 0)
      return { outcome: is('M45', 'M46') ? 'UNKNOWN' : 'SUCCESS', resent: 0 };
    return { ...summary(claims), resent: claims.length };
  };

  const run = async (job) => {
    if (job.action === 'resume') return resume();
    if (job.action === 'sendAll') return sendAll(job);
    if (job.action !== 'send') return { outcome: 'UNSUPPORTED' };
    const entry = addMessage(job, job.message);
    await sendUntilKnown(entry);
    return report(entry);
  };

  signal?.addEventListener('abort', () => agent.destroy());
  return async (job) => {
    try {
      return await run(job);
    } finally {
      agent.destroy();
    }
  };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const job = JSON.parse(readFileSync(0, 'utf8'));
  console.log(JSON.stringify(await startMerchant(process.argv[2] ?? '', process.env)(job)));
  process.exit();
}
