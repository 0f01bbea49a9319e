import type { Remedy } from '../../doctor/catalogue/remedies.ts';

/**
 * How to write it instead, per language. The snippets share their names: `outbox` stores messages
 * until their outcome is known, `message` is one of them, `sign` and `post` are the application's
 * own.
 */
export const lintRemedies = {
  sameMessage: {
    java:
      '// the id is stored before the first attempt\n' +
      'Message message = outbox.open(event).orElseGet(() -> outbox.add(event, UUID.randomUUID()));\n' +
      'post(message);',
    php:
      '// the id is stored before the first attempt\n' +
      '$message = $outbox->open($event) ?? $outbox->add($event, bin2hex(random_bytes(16)));\n' +
      '$this->post($message);',
    python:
      '# the id is stored before the first attempt\n' +
      'message = outbox.open(event) or outbox.add(event, uuid.uuid4().hex); post(message)',
    go:
      '// the id is stored before the first attempt\n' +
      'message := outbox.OpenOrAdd(event, uuid.NewString); err := post(ctx, message)',
    csharp:
      '// the id is stored before the first attempt\n' +
      'var message = outbox.Open(order) ?? outbox.Add(order, Guid.NewGuid()); await Post(message);',
    node:
      '// the id is stored before the first attempt\n' +
      'const message = outbox.open(event) ?? outbox.add(event, randomUUID()); await post(message);',
  },
  stopOnFinal: {
    java:
      'switch (result.status()) {\n' +
      '    case "S" -> outbox.done(message);\n' +
      '    case "F" -> outbox.failed(message, result.code());\n' +
      '    default -> outbox.later(message);\n' +
      '}',
    php:
      'match ($result->status) {\n' +
      "    'S' => $outbox->done($message),\n" +
      "    'F' => $outbox->failed($message, $result->code),\n" +
      '    default => $outbox->later($message),\n' +
      '};',
    python:
      '# only later() sends again\n' +
      "{'S': outbox.done, 'F': outbox.failed}.get(result.status, outbox.later)(message)",
    go:
      'switch result.Status {\n' +
      'case "S": outbox.Done(message)\n' +
      'case "F": outbox.Failed(message, result.Code)\n' +
      'default: outbox.Later(message)\n' +
      '}',
    csharp:
      'switch (result.Status) {\n' +
      '    case "S": outbox.Done(message); break;\n' +
      '    case "F": outbox.Failed(message, result.Code); break;\n' +
      '    default: outbox.Later(message); break;\n' +
      '}',
    node:
      "if (status === 'S') outbox.done(message);\n" +
      "else if (status === 'F') outbox.failed(message, code);\n" +
      'else outbox.later(message);',
  },
  keepBody: {
    java:
      'byte[] body = message.body(); // written once, requestTime included; every attempt sends ' +
      'these bytes',
    php:
      '$body = $message->body; // written once, requestTime included; every attempt sends these ' +
      'bytes',
    python:
      'body = message.body  # written once, requestTime included; every attempt sends these bytes',
    go:
      'body := message.Body // written once, requestTime included; every attempt sends these ' +
      'bytes',
    csharp:
      'byte[] body = message.Body; // written once, requestTime included; every attempt sends ' +
      'these bytes',
    node:
      'const { body } = message; // written once, requestTime included; every attempt sends ' +
      'these bytes',
  },
  signEachAttempt: {
    java:
      'for (Duration pause : pauses) {\n' +
      '    String time = now();\n' +
      '    var answer = post(body, time, sign(time, body));\n' +
      '    if (answer.isFinal()) break;\n' +
      '    sleep(pause);\n' +
      '}',
    php:
      'foreach ($pauses as $pause) {\n' +
      '    $time = now();\n' +
      '    $answer = post($body, $time, sign($time, $body));\n' +
      '    if ($answer->isFinal()) break;\n' +
      '    sleep($pause);\n' +
      '}',
    python:
      'for pause in pauses:\n    time = now(); answer = post(body, time, sign(time, body))\n    ' +
      'if answer.is_final: break\n    sleep(pause)',
    go:
      'for _, pause := range pauses {\n' +
      '    at := now()\n' +
      '    answer := post(body, at, sign(at, body))\n' +
      '    if answer.Final { break }\n' +
      '    time.Sleep(pause)\n' +
      '}',
    csharp:
      'foreach (var pause in pauses) {\n' +
      '    var time = Now();\n' +
      '    var answer = await Post(body, time, Sign(time, body));\n' +
      '    if (answer.IsFinal) break;\n' +
      '    await Task.Delay(pause);\n' +
      '}',
    node:
      'for (const pause of pauses) {\n' +
      '    const time = now();\n' +
      '    const answer = await post(body, time, sign(time, body));\n' +
      '    if (answer.isFinal) break;\n' +
      '    await setTimeout(pause);\n' +
      '}',
  },
  libraryRetries: {
    java:
      'new OkHttpClient.Builder().retryOnConnectionFailure(false) // the application repeats, ' +
      'and counts',
    php:
      '// without Middleware::retry: the application repeats, and counts\n' +
      "new GuzzleHttp\\Client(['handler' => HandlerStack::create()]);",
    python: 'HTTPAdapter(max_retries=0)  # of requests; the application repeats, and counts',
    go:
      'request.GetBody = nil // net/http then cannot repeat it; the application repeats, and ' +
      'counts',
    csharp:
      '// without a Polly retry policy; the application repeats, and counts\n' +
      'new HttpClient(new SocketsHttpHandler())',
    node: 'const agent = new Agent(); // of undici, without RetryAgent; the application repeats',
  },
  pauses: {
    java:
      '// then a person\n' +
      'List<Duration> pauses =\n' +
      '    List.of(ofSeconds(2), ofSeconds(2), ofSeconds(2), ofMinutes(10), ofMinutes(30));',
    php: '$pauses = [2, 2, 2, 600, 1800]; // seconds; then a person',
    python: 'pauses = [2, 2, 2, 600, 1800]  # seconds; then a person',
    go:
      '// then a person\n' +
      'pauses := []time.Duration{\n' +
      '  2 * time.Second, 2 * time.Second, 2 * time.Second, 10 * time.Minute, 30 * time.Minute,\n' +
      '}',
    csharp: 'int[] pauses = [2, 2, 2, 600, 1800]; // seconds; then a person',
    node: 'const pausesInSeconds = [2, 2, 2, 600, 1800]; // then a person',
  },
  outbox: {
    java:
      '// the outbox is a table\n' +
      '@Scheduled(fixedDelay = 1000) void sendOpen() { outbox.due(Instant.now()).forEach(this::post); }',
    php:
      'foreach ($outbox->due(time()) as $message) { post($message); } // from cron; the outbox ' +
      'is a table',
    python:
      '# from a worker; the outbox is a table\n' +
      'for message in outbox.due(datetime.now(timezone.utc)): post(message)',
    go:
      '// the outbox is a table\n' +
      'for range time.Tick(time.Second) { for _, m := range outbox.Due(time.Now()) { post(ctx, m) } }',
    csharp:
      '// in a BackgroundService; the outbox is a table\n' +
      'foreach (var message in outbox.Due(DateTimeOffset.UtcNow)) await Post(message);',
    node:
      '// the outbox is a table\n' +
      'setInterval(async () => { for (const m of await outbox.due(Date.now())) await post(m); }, 1000);',
  },
  signature: {
    java:
      '// alipayhk-mock doctor says why\n' +
      'if (SIGNATURE_CODES.contains(result.code())) { alert(result.code()); outbox.hold(); }',
    php:
      '// alipayhk-mock doctor says why\n' +
      'if (in_array($result->code, SIGNATURE_CODES, true)) { alert($result->code); $outbox->hold(); }',
    python:
      '# alipayhk-mock doctor says why\n' +
      'if result.code in SIGNATURE_CODES: alert(result.code); outbox.hold()',
    go:
      '// alipayhk-mock doctor says why\n' +
      'if slices.Contains(signatureCodes, result.Code) { alert(result.Code); outbox.Hold() }',
    csharp:
      '// alipayhk-mock doctor says why\n' +
      'if (SignatureCodes.Contains(result.Code)) { Alert(result.Code); outbox.Hold(); }',
    node:
      'if (signatureCodes.has(code)) { alert(code); outbox.hold(); } // alipayhk-mock doctor ' +
      'says why',
  },
  requestIds: {
    java: 'String requestId = UUID.randomUUID().toString().replace("-", "");',
    php: '$requestId = bin2hex(random_bytes(16));',
    python: 'request_id = uuid.uuid4().hex',
    go: 'requestID := strings.ReplaceAll(uuid.NewString(), "-", "")',
    csharp: 'string requestId = Guid.NewGuid().ToString("N");',
    node: "const requestId = randomUUID().replaceAll('-', '');",
  },
  clock: {
    java:
      '// and NTP on the machine\n' +
      'String time = OffsetDateTime.now(ZoneId.of("Asia/Hong_Kong"))\n' +
      '    .truncatedTo(SECONDS).format(ISO_OFFSET_DATE_TIME);',
    php:
      '// and NTP on the machine\n' +
      "$time = (new DateTimeImmutable('now', new DateTimeZone('Asia/Hong_Kong')))->format(DATE_ATOM);",
    python:
      '# and NTP on the machine\n' +
      "time = datetime.now(ZoneInfo('Asia/Hong_Kong')).isoformat(timespec='seconds')",
    go: 'at := time.Now().Format(time.RFC3339) // and NTP on the machine',
    csharp:
      'string time = DateTimeOffset.Now.ToString("yyyy-MM-dd\'T\'HH:mm:sszzz"); // and NTP on ' +
      'the machine',
    node: 'const time = new Date().toISOString(); // Z is a time zone; and NTP on the machine',
  },
  timeout: {
    java:
      '// for the whole answer: timeout() of a request ends with the head\n' +
      'client.sendAsync(request, BodyHandlers.ofByteArray()).get(8, TimeUnit.SECONDS);',
    php: "new GuzzleHttp\\Client(['connect_timeout' => 3, 'timeout' => 8]); // for the whole answer",
    python:
      'asyncio.wait_for(post(message), timeout=8)  # timeout= of requests is for each read alone',
    go: 'client := &http.Client{Timeout: 8 * time.Second} // for the whole answer',
    csharp: 'new HttpClient { Timeout = TimeSpan.FromSeconds(8) } // for the whole answer',
    node: 'await fetch(url, { signal: AbortSignal.timeout(8000) }) // for the whole answer',
  },
  eventTime: {
    java:
      '// milliseconds, stored with the order\n' +
      'long time = Math.max(event.occurredAt().toEpochMilli(), order.lastEventTime() + 1);',
    php:
      '$time = max($event->occurredAtMs, $order->lastEventTime + 1); // milliseconds, stored ' +
      'with the order',
    python:
      'time = max(event.occurred_at_ms, order.last_event_time + 1)  # milliseconds, stored with ' +
      'the order',
    go:
      '// milliseconds, stored with the order\n' +
      'at := max(event.OccurredAt.UnixMilli(), order.LastEventTime+1)',
    csharp:
      '// stored with the order\n' +
      'long time = Math.Max(e.OccurredAt.ToUnixTimeMilliseconds(), order.LastEventTime + 1);',
    node:
      '// milliseconds, stored with the order\n' +
      'const time = Math.max(event.occurredAtMs, order.lastEventTime + 1);',
  },
  orderStatus: {
    java:
      'if (result.code().equals("ORDER_STATUS_INVALID")) {\n' +
      '    outbox.failed(message, result.code());\n' +
      '    review(order, answer.orderStatus());\n' +
      '}',
    php:
      "if ($result->code === 'ORDER_STATUS_INVALID') {\n" +
      '    $outbox->failed($message, $result->code);\n' +
      '    review($order, $answer->orderStatus);\n' +
      '}',
    python:
      "if result.code == 'ORDER_STATUS_INVALID': outbox.failed(message); review(order, " +
      'answer.order_status)',
    go:
      'if result.Code == "ORDER_STATUS_INVALID" {\n' +
      '    outbox.Failed(message, result.Code)\n' +
      '    review(order, answer.OrderStatus)\n' +
      '}',
    csharp:
      'if (result.Code == "ORDER_STATUS_INVALID") {\n' +
      '    outbox.Failed(message, result.Code);\n' +
      '    Review(order, answer.OrderStatus);\n' +
      '}',
    node:
      "if (code === 'ORDER_STATUS_INVALID') { outbox.failed(message); review(order, " +
      'answer.orderStatus); }',
  },
  oneAtATime: {
    java:
      '// one message of an order at a time\n' +
      'locks.computeIfAbsent(order.id(), id -> new ReentrantLock()).lock();',
    php:
      '$lock = $locks->createLock($order->id); $lock->acquire(true); // one message of an order ' +
      'at a time',
    python: 'async with locks[order.id]: await post(message)  # one message of an order at a time',
    go: 'unlock := locks.Lock(order.ID); defer unlock() // one message of an order at a time',
    csharp:
      '// one message of an order at a time\n' +
      'await locks.GetOrAdd(order.Id, _ => new SemaphoreSlim(1)).WaitAsync();',
    node:
      '// one message of an order at a time\n' +
      'queues.set(order.id, (queues.get(order.id) ?? Promise.resolve()).then(() => post(message)));',
  },
  encryption: {
    java:
      '// for every message, of every kind that is encrypted\n' +
      'KeyGenerator aes = KeyGenerator.getInstance("AES");\n' +
      'aes.init(128);\n' +
      'SecretKey key = aes.generateKey();',
    php: '$key = random_bytes(16); // for every message, of every kind that is encrypted',
    python: 'key = secrets.token_bytes(16)  # for every message, of every kind that is encrypted',
    go:
      'key := make([]byte, 16); rand.Read(key) // for every message, of every kind that is ' +
      'encrypted',
    csharp:
      '// for every message, of every kind that is encrypted\n' +
      'byte[] key = RandomNumberGenerator.GetBytes(16);',
    node: 'const key = randomBytes(16); // for every message, of every kind that is encrypted',
  },
  keyVersions: {
    java: 'KeyVersion key = keys.newest(); // one place for the whole system, read at every signature',
    php: '$key = $keys->newest(); // one place for the whole system, read at every signature',
    python: 'key = keys.newest()  # one place for the whole system, read at every signature',
    go: 'key := keys.Newest() // one place for the whole system, read at every signature',
    csharp: 'var key = keys.Newest(); // one place for the whole system, read at every signature',
    node: 'const key = keys.newest(); // one place for the whole system, read at every signature',
  },
  control: {
    java:
      '// in the test; the request stays as it is in production\n' +
      'simulator.post("/__admin/clients/" + id + "/one-shots", rule);',
    php:
      '// in the test; the request stays as it is in production\n' +
      '$simulator->post("/__admin/clients/{$id}/one-shots", $rule);',
    python:
      '# in the test; the request stays as it is in production\n' +
      "simulator.post(f'/__admin/clients/{id}/one-shots', rule)",
    go:
      '// in the test; the request stays as it is in production\n' +
      'simulator.Post("/__admin/clients/"+id+"/one-shots", rule)',
    csharp:
      '// in the test; the request stays as it is in production\n' +
      'await simulator.Post($"/__admin/clients/{id}/one-shots", rule);',
    node:
      '// in the test; the request stays as it is in production\n' +
      "await client.next({ when: { operation: 'syncOrder' }, then: { result: 'PARAM_ILLEGAL' } });",
  },
  connections: {
    java: 'static final HttpClient client = HttpClient.newHttpClient(); // one for all requests',
    php: '$this->client ??= new GuzzleHttp\\Client(); // one for all requests of the process',
    python: 'session = requests.Session()  # one for all requests',
    go: 'var client = &http.Client{} // one for all requests; read each body to its end',
    csharp: 'static readonly HttpClient client = new(); // one for all requests',
    node: 'const agent = new Agent({ keepAlive: true }); // one for all requests',
  },
  body: {
    java:
      '// UTF-8 without a byte order mark\n' +
      'byte[] body = mapper.setSerializationInclusion(NON_EMPTY).writeValueAsBytes(message);',
    php:
      '$filled = array_filter($message, fn ($v) => $v !== "" && $v !== null);\n' +
      '$body = json_encode($filled, JSON_UNESCAPED_UNICODE);',
    python:
      "filled = {k: v for k, v in message.items() if v not in ('', None)}\n" +
      "body = json.dumps(filled, ensure_ascii=False).encode('utf-8')",
    go:
      'type Order struct { TinyAppID string `json:"tinyAppId,omitempty"` } // and json.Marshal, which ' +
      'writes UTF-8',
    csharp:
      '// null, not "", where there is no value\n' +
      'var options = new JsonSerializerOptions {\n' +
      '    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,\n' +
      '};\n' +
      'byte[] body = JsonSerializer.SerializeToUtf8Bytes(message, options);',
    node:
      "const omitEmpty = (_key, value) => (value === '' ? undefined : value);\n" +
      'const body = Buffer.from(JSON.stringify(message, omitEmpty));',
  },
  verifyCall: {
    java:
      '// the bytes as they arrived; answer first, work from a queue\n' +
      'if (!verify(request, body)) return sign(refused);\n' +
      'queue.addOnce(billNo, body);\n' +
      'return sign(success);',
    php:
      '// the bytes as they arrived; answer first, work from a queue\n' +
      'if (!verify($request, $body)) return sign($refused);\n' +
      '$queue->addOnce($billNo, $body);\n' +
      'return sign($success);',
    python:
      '# the bytes as they arrived; answer first, work from a queue\n' +
      'if not verify(request, body): return sign(refused)\n' +
      'queue.add_once(bill_no, body)\n' +
      'return sign(success)',
    go:
      '// the bytes as they arrived; answer first, work from a queue\n' +
      'if !verify(request, body) { return sign(refused) }\n' +
      'queue.AddOnce(billNo, body)\n' +
      'return sign(success)',
    csharp:
      '// the bytes as they arrived; answer first, work from a queue\n' +
      'if (!Verify(request, body)) return Sign(refused);\n' +
      'queue.AddOnce(billNo, body);\n' +
      'return Sign(success);',
    node:
      '// the bytes as they arrived; answer first, work from a queue\n' +
      'if (!verify(request, body)) return sign(refused);\n' +
      'await queue.addOnce(billNo, body);\n' +
      'return sign(success);',
  },
} as const satisfies Record<string, Remedy>;
export type LintRemedyId = keyof typeof lintRemedies;
