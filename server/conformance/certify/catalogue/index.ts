import type { Remedy } from '../../../doctor/catalogue/remedies.ts';
import { type CatalogueCase, wire, withClaims } from './case.ts';
import { finalAnswer, lostAnswer, unknownOutcome } from './outcomes.ts';
import { answerSecurity, encryption, keyVersions } from './trust.ts';

/** Every kind of character that an application, a JSON writer or a proxy can damage. */
const awkward = '點心 "A\\B" a/b +1 100% 🎫\nñ';

/** Another order, more spaces, a member that no page has, text that is not ASCII. */
const foreignLayout = {
  members: 'reversed',
  addToResult: { note: '訊息 ✓' },
  spaces: true,
} as const;

/** First contact and controls; then what is sent, whatever is answered. */
const firstContact: readonly CatalogueCase[] = [
  {
    id: 'C-PRE-01',
    title: { en: 'First contact', 'zh-HK': '首次接觸' },
    severity: 'critical',
    basis: [{ kind: 'doc', register: 'G-02', source: 'the pages of the five operations' }],
    operations: 'all',
    play: [],
    jobs: [{ action: 'send' }, { action: 'resume' }],
    checks: ['arrives', 'recovers', 'once'],
    expectedMs: 300,
    must: 'Sends one signed, valid message, accepts the S, and sends nothing more.',
    why: 'Nothing else can be judged before a plain message is accepted by both sides.',
    remedy: 'how-to/find-out-why.md#the-doctor-offline',
  },
  {
    id: 'C-PRE-02',
    title: { en: 'Response in another layout', 'zh-HK': '不同排版的回應' },
    severity: 'major',
    basis: [{ kind: 'sister', register: 'G-06', source: 'signatures cover the bytes of the body' }],
    operations: 'all',
    play: [{ then: { layout: foreignLayout } }],
    jobs: [{ action: 'send' }, { action: 'resume' }],
    checks: ['arrives', 'recovers'],
    expectedMs: 300,
    must: 'Verifies the bytes that it received, then parses them, and ignores members that it does not know.',
    why: 'A client that parses and writes the JSON again before it verifies rejects good responses as soon as the platform changes a space.',
    remedy: 'how-to/client.md#what-it-does-and-yours-must-do',
  },
  {
    id: 'C-REQ-01',
    title: { en: 'Text arrives as written', 'zh-HK': '文字原樣送達' },
    severity: 'critical',
    basis: [{ kind: 'doc', register: 'G-20', source: 'UTF-8 JSON on every page' }],
    operations: ['syncPaymentInfo', 'syncOrder', 'updateMembershipCard'],
    messages: [
      {
        fields: {
          syncPaymentInfo: {
            merchant: { merchantAccountId: '2160400000002012', displayName: awkward },
          },
          syncOrder: { extInfo: { title: { zh_HK: awkward, en_US: awkward } } },
          updateMembershipCard: { dataInfo: { zh_HK: { $level$: awkward } } },
        },
      },
    ],
    play: [],
    jobs: [{ action: 'send' }, { action: 'resume' }],
    checks: ['arrives', 'text-unchanged', 'recovers'],
    expectedMs: 300,
    must: 'Delivers every value unchanged: Chinese text, an emoji, quotes, backslashes, slashes, plus and percent signs, line feeds.',
    why: 'A customer reads this text in AlipayHK; a wrong charset or a second encoding damages it without any error.',
    remedy: 'how-to/client.md#what-it-does-and-yours-must-do',
  },
  {
    id: 'C-REQ-02',
    title: { en: 'One id for one message', 'zh-HK': '一則訊息一個 requestId' },
    severity: 'critical',
    basis: [{ kind: 'doc', register: 'E-19', source: 'requestId on the pages' }],
    operations: ['syncAdditionalInfo', 'syncAccountLinkage', 'syncPaymentInfo', 'syncOrder'],
    messages: [{}, { isSameThing: true, eventTimeOffsetMs: 1000 }, { eventTimeOffsetMs: 2000 }],
    play: [],
    jobs: [{ action: 'sendAll' }, { action: 'resume' }],
    checks: ['distinct-ids'],
    isOverAll: true,
    expectedMs: 500,
    must: 'Gives each message an id of its own, also when two differ in nothing but their time, and never sends one id with two bodies.',
    why: 'Of two messages with one id the second is answered as a repetition, or refused: it is lost.',
    remedy: 'how-to/client.md#what-it-does-and-yours-must-do',
  },
  {
    id: 'C-REQ-03',
    title: { en: 'Credible Request-Time', 'zh-HK': '可信的 Request-Time' },
    severity: 'major',
    basis: [
      { kind: 'sister', register: 'G-09', source: 'form documented; window of sister products' },
    ],
    operations: 'all',
    play: [],
    jobs: [{ action: 'send' }, { action: 'resume' }],
    checks: ['credible-time'],
    isOverAll: true,
    expectedMs: 300,
    must: 'Reads the clock for every attempt, and writes it as ISO 8601 with a time zone.',
    why: 'Requests with a wrong time are refused as replays, all at once, on the day the platform checks it.',
    remedy: 'signature-mistakes.md#header',
  },
];

/** Three states of one thing, one after the other. */
const second = {
  syncAdditionalInfo: { autoDebitStatus: 'AUTO_DEBIT' },
  syncAccountLinkage: { operateType: 'UNBIND' },
  syncPaymentInfo: { amount: 12_900 },
  syncOrder: { payAmount: { value: '19900', currency: 'HKD' } },
} as const;
const third = {
  syncAdditionalInfo: { autoDebitStatus: 'UN_AUTO_DEBIT' },
  syncAccountLinkage: { operateType: 'BIND' },
  syncPaymentInfo: { amount: 13_000 },
  syncOrder: { payAmount: { value: '19700', currency: 'HKD' } },
} as const;

const clientPage = 'how-to/client.md#what-it-does-and-yours-must-do';

/** Updates of one thing, and what comes after a crash. */
const orderOfEvents: readonly CatalogueCase[] = [
  {
    id: 'C-ORD-01',
    title: { en: 'Rising time', 'zh-HK': '遞增的時間' },
    severity: 'major',
    basis: [{ kind: 'doc', register: 'O-02' }],
    inferredFor: ['syncAdditionalInfo', 'syncPaymentInfo'],
    operations: ['syncAdditionalInfo', 'syncAccountLinkage', 'syncPaymentInfo', 'syncOrder'],
    messages: [
      {},
      { isSameThing: true, eventTimeOffsetMs: 1, fields: second },
      { isSameThing: true, eventTimeOffsetMs: 2, fields: third },
    ],
    play: [],
    jobs: [{ action: 'sendAll' }, { action: 'resume' }],
    checks: ['rising-time', 'constants'],
    expectedMs: 600,
    must: 'Gives every later update a greater event time, also within one second, and keeps orderCreateTime and merchantBizType.',
    why: 'An update whose time is not newer is answered with S and ignored.',
    remedy: clientPage,
  },
  {
    id: 'C-ORD-02',
    title: { en: 'One after the other', 'zh-HK': '逐一處理' },
    severity: 'minor',
    basis: [{ kind: 'safety', register: 'O-01' }],
    operations: ['syncAccountLinkage', 'syncOrder'],
    messages: [{}, { isSameThing: true, eventTimeOffsetMs: 1000, fields: second }],
    play: [{ then: { result: 'UNKNOWN_EXCEPTION', status: 'U' }, times: 2, message: 1 }],
    jobs: [{ action: 'sendAll' }, { action: 'resume' }],
    checks: ['not-overtaken'],
    expectedMs: 900,
    must: 'Settles the first update before the second, or sends the second with a newer time, which makes the late first one harmless.',
    why: 'Updates that overtake each other leave the older state in force.',
    remedy: clientPage,
  },
  {
    id: 'C-ORD-03',
    title: { en: 'S, but another status', 'zh-HK': '成功，但狀態不同' },
    severity: 'major',
    basis: [{ kind: 'doc', register: 'O-01', source: 'orderStatus in the response' }],
    operations: ['syncOrder'],
    messages: [
      {},
      {
        isSameThing: true,
        eventTimeOffsetMs: 1000,
        fields: { syncOrder: { orderStatus: 'USED' } },
      },
    ],
    subject: 2,
    play: [
      {
        then: {
          result: 'SUCCESS',
          change: 'drop',
          body: { orderStatus: '{{held.orderStatus}}' },
        },
        message: 2,
        times: 'always',
      },
    ],
    jobs: [{ action: 'send' }, { action: 'send', message: 2 }],
    modes: withClaims,
    checks: ['status-noticed'],
    expectedMs: 600,
    must: 'Compares the orderStatus in the response with the one that it sent.',
    why: 'S with another status says that your update was not applied.',
    remedy: clientPage,
  },
  {
    id: 'C-ORD-04',
    title: { en: 'Not allowed any more', 'zh-HK': '狀態已不容許' },
    severity: 'major',
    basis: [{ kind: 'doc', register: 'E-01', source: 'ORDER_STATUS_INVALID' }],
    operations: ['syncOrder'],
    messages: [
      {},
      {
        isSameThing: true,
        eventTimeOffsetMs: 1000,
        fields: { syncOrder: { orderStatus: 'USED' } },
      },
    ],
    subject: 2,
    play: [
      {
        then: {
          result: 'ORDER_STATUS_INVALID',
          status: 'F',
          body: { orderStatus: '{{held.orderStatus}}' },
        },
        message: 2,
        times: 'always',
      },
    ],
    jobs: [{ action: 'send' }, { action: 'send', message: 2 }, { action: 'resume' }],
    modes: withClaims,
    checks: [
      'no-false-success',
      'stops',
      { id: 'code-kept', required: false },
      { id: 'status-noticed', required: false, atMost: 'warn' },
    ],
    expectedMs: 700,
    must: 'Stops, looks at the status that AlipayHK has, and does not send the same under another id.',
    why: 'The order has moved on without this update; sending it again does not change that.',
    remedy: clientPage,
  },
  {
    id: 'C-BOX-01',
    title: { en: 'Killed while the outcome is unknown', 'zh-HK': '結果未明時程序被終止' },
    severity: 'critical',
    basis: [{ kind: 'doc', source: '"until the final state is known"' }],
    operations: 'all',
    modes: ['command', 'stream'],
    play: [{ then: { fault: wire('hang') } }],
    jobs: [{ action: 'send', killAtAttempt: 1 }, { action: 'resume' }],
    checks: ['repeats-on-resume', 'same-id', 'same-body', 'once'],
    expectedMs: 1000,
    must: 'Keeps the message on disk before it sends it, and sends the same one, with the same id, after a restart.',
    why: 'A process can end at any time; what was only in its memory is lost or sent under a new id.',
    remedy: clientPage,
  },
];

/** All cases, in the order in which they are listed. An id is never used again. */
export const catalogue: readonly CatalogueCase[] = [
  ...firstContact,
  ...unknownOutcome,
  ...lostAnswer,
  ...finalAnswer,
  ...answerSecurity,
  ...keyVersions,
  ...encryption,
  ...orderOfEvents,
];

/** Ids that cases had before: old id → id of today. Files of expected failures may name them. */
export const caseAliases: Readonly<Record<string, string>> = {};

/** A line or two of a correct client, by what they are about. */
const handlings = {
  retry: {
    java: 'if (outcome == UNKNOWN) outbox.sendLater(message.id(), message.bytes()); // the same bytes, signed again',
    php: "if ($outcome === 'UNKNOWN') $outbox->sendLater($message->id, $message->bytes); // the same bytes, signed again",
    python:
      "if outcome == 'UNKNOWN': outbox.send_later(message.id, message.bytes)  # the same bytes, signed again",
    go: 'if outcome == Unknown { outbox.SendLater(message.ID, message.Bytes) } // the same bytes, signed again',
    csharp:
      'if (outcome == Outcome.Unknown) outbox.SendLater(message.Id, message.Bytes); // the same bytes, signed again',
    node: "if (outcome === 'UNKNOWN') outbox.sendLater(message.id, message.bytes); // the same bytes, signed again",
  },
  letter: {
    java: 'switch (result.status()) { case "S" -> done(); case "F" -> failed(result.code()); default -> unknown(); }',
    php: "match ($result['resultStatus']) { 'S' => $this->done(), 'F' => $this->failed($result['resultCode']), default => $this->unknown() };",
    python:
      "{'S': done, 'F': lambda: failed(result['resultCode'])}.get(result['resultStatus'], unknown)()",
    go: 'switch result.Status { case "S": done(); case "F": failed(result.Code); default: unknown() }',
    csharp:
      'switch (result.Status) { case "S": Done(); break; case "F": Failed(result.Code); break; default: Unknown(); break; }',
    node: '({ S: done, F: () => failed(result.resultCode) })[result.resultStatus]?.() ?? unknown();',
  },
  lost: {
    java: 'try { body = send(request); } catch (IOException lost) { return UNKNOWN; } // also for 5xx and unreadable JSON',
    php: "if ($body === false || $status !== 200 || !is_array(json_decode($body, true))) return 'UNKNOWN';",
    python:
      "try: answer = send(request)\nexcept (OSError, http.client.HTTPException, ValueError): return 'UNKNOWN'",
    go: 'body, err := io.ReadAll(response.Body); if err != nil || response.StatusCode != 200 { return Unknown }',
    csharp:
      'try { body = await Send(request); } catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException) { return Outcome.Unknown; }',
    node: "try { body = await send(request); } catch { return 'UNKNOWN'; } // also for 5xx and unreadable JSON",
  },
  timeout: {
    java: 'HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(8)); // and client.sendAsync(…).get(8, SECONDS) for the body',
    php: 'curl_setopt($curl, CURLOPT_TIMEOUT_MS, 8000); // the whole transfer; CURLOPT_CONNECTTIMEOUT is not enough',
    python:
      'with concurrent.futures.ThreadPoolExecutor(1) as pool: pool.submit(send, request).result(timeout=8)  # socket time-outs start again with every byte',
    go: 'client := &http.Client{Timeout: 8 * time.Second} // includes reading the body',
    csharp:
      'using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(8)); await client.SendAsync(request, cancel.Token);',
    node: 'await fetch(url, { ...request, signal: AbortSignal.timeout(8000) }).then((response) => response.arrayBuffer());',
  },
  verify: {
    java: 'if (!verifies(rawBody, headers, platformKeys, clientId, clock)) return UNKNOWN; // before the JSON is parsed',
    php: "if (!$this->verifies($rawBody, $headers, $platformKeys, $clientId, time())) return 'UNKNOWN'; // before json_decode",
    python:
      "if not verifies(raw_body, headers, platform_keys, client_id, time.time()): return 'UNKNOWN'  # before json.loads",
    go: 'if !verifies(rawBody, response.Header, platformKeys, clientID, time.Now()) { return Unknown } // before json.Unmarshal',
    csharp:
      'if (!Verifies(rawBody, response.Headers, platformKeys, clientId, DateTimeOffset.UtcNow)) return Outcome.Unknown; // before JsonSerializer',
    node: "if (!verifies(rawBody, headers, platformKeys, clientId, Date.now())) return 'UNKNOWN'; // before JSON.parse",
  },
  keys: {
    java: 'PublicKey key = platformKeys.get(keyVersion); if (key == null) return UNKNOWN; // no other key instead',
    php: "$key = $platformKeys[$keyVersion] ?? null; if ($key === null) return 'UNKNOWN'; // no other key instead",
    python: "if key_version not in platform_keys: return 'UNKNOWN'  # no other key instead",
    go: 'key, ok := platformKeys[keyVersion]; if !ok { return Unknown } // no other key instead',
    csharp:
      'if (!platformKeys.TryGetValue(keyVersion, out var key)) return Outcome.Unknown; // no other key instead',
    node: "const key = platformKeys.get(keyVersion); if (key === undefined) return 'UNKNOWN'; // no other key instead",
  },
  encrypt: {
    java: 'KeyGenerator aes = KeyGenerator.getInstance("AES"); aes.init(256); SecretKey key = aes.generateKey(); // for every message',
    php: '$key = random_bytes(32); // for every message; an answer that cannot be decrypted is UNKNOWN',
    python:
      'key = os.urandom(32)  # for every message; an answer that cannot be decrypted is UNKNOWN',
    go: 'key := make([]byte, 32); _, err := rand.Read(key) // for every message',
    csharp: 'byte[] key = RandomNumberGenerator.GetBytes(32); // for every message',
    node: 'const key = randomBytes(32); // for every message; an answer that cannot be decrypted is UNKNOWN',
  },
  identity: {
    java: 'String requestId = UUID.randomUUID().toString().replace("-", ""); // once, when the message is made',
    php: '$requestId = bin2hex(random_bytes(16)); // once, when the message is made',
    python: 'request_id = uuid.uuid4().hex  # once, when the message is made',
    go: 'requestID := hex.EncodeToString(randomBytes(16)) // once, when the message is made',
    csharp: 'string requestId = Guid.NewGuid().ToString("N"); // once, when the message is made',
    node: "const requestId = randomUUID().replaceAll('-', ''); // once, when the message is made",
  },
  clock: {
    java: 'String requestTime = OffsetDateTime.now(ZoneId.of("Asia/Hong_Kong")).toString(); // for every attempt',
    php: "$requestTime = (new DateTimeImmutable('now', new DateTimeZone('Asia/Hong_Kong')))->format(DATE_RFC3339_EXTENDED); // for every attempt",
    python:
      "request_time = datetime.now(ZoneInfo('Asia/Hong_Kong')).isoformat(timespec='milliseconds')  # for every attempt",
    go: 'requestTime := time.Now().Format(time.RFC3339Nano) // for every attempt',
    csharp:
      'string requestTime = DateTimeOffset.Now.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz"); // for every attempt',
    node: 'const requestTime = new Date().toISOString(); // for every attempt',
  },
  text: {
    java: 'byte[] body = json.getBytes(StandardCharsets.UTF_8); // these bytes are signed, and these are sent',
    php: '$body = json_encode($message, JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR); // these bytes are signed, and these are sent',
    python:
      "body = json.dumps(message, ensure_ascii=False).encode('utf-8')  # these bytes are signed, and these are sent",
    go: 'body, err := json.Marshal(message) // these bytes are signed, and these are sent',
    csharp:
      'byte[] body = JsonSerializer.SerializeToUtf8Bytes(message); // these bytes are signed, and these are sent',
    node: 'const body = Buffer.from(JSON.stringify(message)); // these bytes are signed, and these are sent',
  },
  order: {
    java: 'long eventTime = Math.max(System.currentTimeMillis(), lastEventTime + 1); // for each order, one update at a time',
    php: '$eventTime = max((int) (microtime(true) * 1000), $lastEventTime + 1); // for each order, one update at a time',
    python:
      'event_time = max(int(time.time() * 1000), last_event_time + 1)  # for each order, one update at a time',
    go: 'eventTime := max(time.Now().UnixMilli(), lastEventTime+1) // for each order, one update at a time',
    csharp:
      'long eventTime = Math.Max(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), lastEventTime + 1); // for each order, one update at a time',
    node: 'const eventTime = Math.max(Date.now(), lastEventTime + 1); // for each order, one update at a time',
  },
  status: {
    java: 'if (!answer.orderStatus().equals(message.orderStatus())) review(message, answer); // S, and yet not applied',
    php: "if ($answer['orderStatus'] !== $message['orderStatus']) $this->review($message, $answer); // S, and yet not applied",
    python:
      "if answer['orderStatus'] != message['orderStatus']: review(message, answer)  # S, and yet not applied",
    go: 'if answer.OrderStatus != message.OrderStatus { review(message, answer) } // S, and yet not applied',
    csharp:
      'if (answer.OrderStatus != message.OrderStatus) Review(message, answer); // S, and yet not applied',
    node: 'if (answer.orderStatus !== message.orderStatus) review(message, answer); // S, and yet not applied',
  },
  outbox: {
    java: 'outbox.insert(message); send(message); outbox.settle(message.id(), outcome); // in this order; a restart sends what is open',
    php: '$outbox->insert($message); $this->send($message); $outbox->settle($message->id, $outcome); // in this order; a restart sends what is open',
    python:
      'outbox.insert(message); send(message); outbox.settle(message.id, outcome)  # in this order; a restart sends what is open',
    go: 'outbox.Insert(message); outcome := send(message); outbox.Settle(message.ID, outcome) // in this order; a restart sends what is open',
    csharp:
      'outbox.Insert(message); var outcome = await Send(message); outbox.Settle(message.Id, outcome); // in this order; a restart sends what is open',
    node: 'outbox.insert(message); const outcome = await send(message); outbox.settle(message.id, outcome); // in this order; a restart sends what is open',
  },
} as const satisfies Readonly<Record<string, Remedy>>;

type Handling = keyof typeof handlings;

/** By case, or by its family where the cases of one are alike. */
const handlingFor: Readonly<Record<string, Handling>> = {
  'C-PRE-01': 'text',
  'C-PRE-02': 'verify',
  'C-REQ-01': 'text',
  'C-REQ-02': 'identity',
  'C-REQ-03': 'clock',
  'C-UNK-03': 'letter',
  UNK: 'retry',
  BACK: 'outbox',
  'C-LOST-03': 'timeout',
  'C-LOST-04': 'timeout',
  'C-LOST-05': 'timeout',
  LOST: 'lost',
  FIN: 'letter',
  SEC: 'verify',
  KEY: 'keys',
  SEAL: 'encrypt',
  'C-ORD-03': 'status',
  'C-ORD-04': 'letter',
  ORD: 'order',
  BOX: 'outbox',
};

/** How a correct client handles what the case plays, by language. */
export const correctHandling = (caseId: string): Remedy | undefined => {
  const handling = handlingFor[caseId] ?? handlingFor[caseId.split('-')[1] ?? ''];
  return handling === undefined ? undefined : handlings[handling];
};
