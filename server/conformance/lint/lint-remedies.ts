import type { Remedy } from '../../doctor/catalogue/remedy.ts';

/**
 * How to write it instead, per language. The snippets share their names: `outbox` stores messages
 * until their outcome is known, `message` is one of them, `sign` and `post` are the application's
 * own.
 */
export const lintRemedies = {
  sameMessage: {
    java:
      'Message message = outbox.open(event).orElseGet(() -> outbox.add(event, ' +
      'UUID.randomUUID())); post(message); // the id is stored before the first attempt',
    php:
      '$message = $outbox->open($event) ?? $outbox->add($event, bin2hex(random_bytes(16))); ' +
      '$this->post($message); // the id is stored before the first attempt',
    python:
      'message = outbox.open(event) or outbox.add(event, uuid.uuid4().hex); post(message)  # the ' +
      'id is stored before the first attempt',
    go:
      'message := outbox.OpenOrAdd(event, uuid.NewString); err := post(ctx, message) // the id ' +
      'is stored before the first attempt',
    csharp:
      'var message = outbox.Open(order) ?? outbox.Add(order, Guid.NewGuid()); await ' +
      'Post(message); // the id is stored before the first attempt',
    node:
      'const message = outbox.open(event) ?? outbox.add(event, randomUUID()); await ' +
      'post(message); // the id is stored before the first attempt',
  },
  stopOnFinal: {
    java:
      'switch (result.status()) { case "S" -> outbox.done(message); case "F" -> ' +
      'outbox.failed(message, result.code()); default -> outbox.later(message); }',
    php:
      "match ($result->status) { 'S' => $outbox->done($message), 'F' => " +
      '$outbox->failed($message, $result->code), default => $outbox->later($message) };',
    python:
      "{'S': outbox.done, 'F': outbox.failed}.get(result.status, outbox.later)(message)  # only " +
      'later() sends again',
    go:
      'switch result.Status { case "S": outbox.Done(message); case "F": outbox.Failed(message, ' +
      'result.Code); default: outbox.Later(message) }',
    csharp:
      'switch (result.Status) { case "S": outbox.Done(message); break; case "F": ' +
      'outbox.Failed(message, result.Code); break; default: outbox.Later(message); break; }',
    node:
      "if (status === 'S') outbox.done(message); else if (status === 'F') outbox.failed(message, " +
      'code); else outbox.later(message);',
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
      'for (Duration pause : pauses) { String time = now(); var answer = post(body, time, ' +
      'sign(time, body)); if (answer.isFinal()) break; sleep(pause); }',
    php:
      'foreach ($pauses as $pause) { $time = now(); $answer = post($body, $time, sign($time, ' +
      '$body)); if ($answer->isFinal()) break; sleep($pause); }',
    python:
      'for pause in pauses:\n    time = now(); answer = post(body, time, sign(time, body))\n    ' +
      'if answer.is_final: break\n    sleep(pause)',
    go:
      'for _, pause := range pauses { at := now(); answer := post(body, at, sign(at, body)); if ' +
      'answer.Final { break }; time.Sleep(pause) }',
    csharp:
      'foreach (var pause in pauses) { var time = Now(); var answer = await Post(body, time, ' +
      'Sign(time, body)); if (answer.IsFinal) break; await Task.Delay(pause); }',
    node:
      'for (const pause of pauses) { const time = now(); const answer = await post(body, time, ' +
      'sign(time, body)); if (answer.isFinal) break; await setTimeout(pause); }',
  },
  libraryRetries: {
    java:
      'new OkHttpClient.Builder().retryOnConnectionFailure(false) // the application repeats, ' +
      'and counts',
    php:
      "new GuzzleHttp\\Client(['handler' => HandlerStack::create()]); // without " +
      'Middleware::retry: the application repeats, and counts',
    python: 'HTTPAdapter(max_retries=0)  # of requests; the application repeats, and counts',
    go:
      'request.GetBody = nil // net/http then cannot repeat it; the application repeats, and ' +
      'counts',
    csharp:
      'new HttpClient(new SocketsHttpHandler()) // without a Polly retry policy; the application ' +
      'repeats, and counts',
    node: 'new Agent().dispatch // of undici, without RetryAgent; the application repeats, and counts',
  },
  pauses: {
    java:
      'List<Duration> pauses = List.of(ofSeconds(2), ofSeconds(2), ofSeconds(2), ofMinutes(10), ' +
      'ofMinutes(30)); // then a person',
    php: '$pauses = [2, 2, 2, 600, 1800]; // seconds; then a person',
    python: 'pauses = [2, 2, 2, 600, 1800]  # seconds; then a person',
    go:
      'pauses := []time.Duration{2 * time.Second, 2 * time.Second, 2 * time.Second, 10 * ' +
      'time.Minute, 30 * time.Minute} // then a person',
    csharp: 'int[] pauses = [2, 2, 2, 600, 1800]; // seconds; then a person',
    node: 'const pausesInSeconds = [2, 2, 2, 600, 1800]; // then a person',
  },
  outbox: {
    java:
      '@Scheduled(fixedDelay = 1000) void sendOpen() { ' +
      'outbox.due(Instant.now()).forEach(this::post); } // the outbox is a table',
    php:
      'foreach ($outbox->due(time()) as $message) { post($message); } // from cron; the outbox ' +
      'is a table',
    python:
      'for message in outbox.due(datetime.now(timezone.utc)): post(message)  # from a worker; ' +
      'the outbox is a table',
    go:
      'for range time.Tick(time.Second) { for _, m := range outbox.Due(time.Now()) { post(ctx, ' +
      'm) } } // the outbox is a table',
    csharp:
      'foreach (var message in outbox.Due(DateTimeOffset.UtcNow)) await Post(message); // in a ' +
      'BackgroundService; the outbox is a table',
    node:
      'setInterval(async () => { for (const m of await outbox.due(Date.now())) await post(m); }, ' +
      '1000); // the outbox is a table',
  },
  signature: {
    java:
      'if (SIGNATURE_CODES.contains(result.code())) { alert(result.code()); outbox.hold(); } // ' +
      'alipayhk-mock doctor says why',
    php:
      'if (in_array($result->code, SIGNATURE_CODES, true)) { alert($result->code); ' +
      '$outbox->hold(); } // alipayhk-mock doctor says why',
    python:
      'if result.code in SIGNATURE_CODES: alert(result.code); outbox.hold()  # alipayhk-mock ' +
      'doctor says why',
    go:
      'if slices.Contains(signatureCodes, result.Code) { alert(result.Code); outbox.Hold() } // ' +
      'alipayhk-mock doctor says why',
    csharp:
      'if (SignatureCodes.Contains(result.Code)) { Alert(result.Code); outbox.Hold(); } // ' +
      'alipayhk-mock doctor says why',
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
      'String time = ' +
      'OffsetDateTime.now(ZoneId.of("Asia/Hong_Kong")).truncatedTo(SECONDS).format(ISO_OFFSET_DATE' +
      '_TIME); // and NTP on the machine',
    php:
      "$time = (new DateTimeImmutable('now', new " +
      "DateTimeZone('Asia/Hong_Kong')))->format(DATE_ATOM); // and NTP on the machine",
    python:
      "time = datetime.now(ZoneInfo('Asia/Hong_Kong')).isoformat(timespec='seconds')  # and NTP " +
      'on the machine',
    go: 'at := time.Now().Format(time.RFC3339) // and NTP on the machine',
    csharp:
      'string time = DateTimeOffset.Now.ToString("yyyy-MM-dd\'T\'HH:mm:sszzz"); // and NTP on ' +
      'the machine',
    node: 'const time = new Date().toISOString(); // Z is a time zone; and NTP on the machine',
  },
  timeout: {
    java:
      'HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(8)) // of java.net.http, for the ' +
      'whole answer',
    php: "new GuzzleHttp\\Client(['connect_timeout' => 3, 'timeout' => 8]); // for the whole answer",
    python:
      'asyncio.wait_for(post(message), timeout=8)  # timeout= of requests is for each read alone',
    go: 'client := &http.Client{Timeout: 8 * time.Second} // for the whole answer',
    csharp: 'new HttpClient { Timeout = TimeSpan.FromSeconds(8) } // for the whole answer',
    node: 'await fetch(url, { signal: AbortSignal.timeout(8000) }) // for the whole answer',
  },
  eventTime: {
    java:
      'long time = Math.max(event.occurredAt().toEpochMilli(), order.lastEventTime() + 1); // ' +
      'milliseconds, stored with the order',
    php:
      '$time = max($event->occurredAtMs, $order->lastEventTime + 1); // milliseconds, stored ' +
      'with the order',
    python:
      'time = max(event.occurred_at_ms, order.last_event_time + 1)  # milliseconds, stored with ' +
      'the order',
    go:
      'at := max(event.OccurredAt.UnixMilli(), order.LastEventTime+1) // milliseconds, stored ' +
      'with the order',
    csharp:
      'long time = Math.Max(e.OccurredAt.ToUnixTimeMilliseconds(), order.LastEventTime + 1); // ' +
      'stored with the order',
    node:
      'const time = Math.max(event.occurredAtMs, order.lastEventTime + 1); // milliseconds, ' +
      'stored with the order',
  },
  orderStatus: {
    java:
      'if (result.code().equals("ORDER_STATUS_INVALID")) { outbox.failed(message); review(order, ' +
      'answer.orderStatus()); }',
    php:
      "if ($result->code === 'ORDER_STATUS_INVALID') { $outbox->failed($message); review($order, " +
      '$answer->orderStatus); }',
    python:
      "if result.code == 'ORDER_STATUS_INVALID': outbox.failed(message); review(order, " +
      'answer.order_status)',
    go:
      'if result.Code == "ORDER_STATUS_INVALID" { outbox.Failed(message); review(order, ' +
      'answer.OrderStatus) }',
    csharp:
      'if (result.Code == "ORDER_STATUS_INVALID") { outbox.Failed(message); Review(order, ' +
      'answer.OrderStatus); }',
    node:
      "if (code === 'ORDER_STATUS_INVALID') { outbox.failed(message); review(order, " +
      'answer.orderStatus); }',
  },
  oneAtATime: {
    java:
      'locks.computeIfAbsent(order.id(), id -> new ReentrantLock()).lock(); // one message of an ' +
      'order at a time',
    php:
      '$lock = $locks->createLock($order->id); $lock->acquire(true); // one message of an order ' +
      'at a time',
    python: 'async with locks[order.id]: await post(message)  # one message of an order at a time',
    go: 'unlock := locks.Lock(order.ID); defer unlock() // one message of an order at a time',
    csharp:
      'await locks.GetOrAdd(order.Id, _ => new SemaphoreSlim(1)).WaitAsync(); // one message of ' +
      'an order at a time',
    node:
      'queues.set(order.id, (queues.get(order.id) ?? Promise.resolve()).then(() => ' +
      'post(message))); // one message of an order at a time',
  },
  encryption: {
    java:
      'KeyGenerator aes = KeyGenerator.getInstance("AES"); aes.init(128); SecretKey key = ' +
      'aes.generateKey(); // for every message, of every kind that is encrypted',
    php: '$key = random_bytes(16); // for every message, of every kind that is encrypted',
    python: 'key = secrets.token_bytes(16)  # for every message, of every kind that is encrypted',
    go:
      'key := make([]byte, 16); rand.Read(key) // for every message, of every kind that is ' +
      'encrypted',
    csharp:
      'byte[] key = RandomNumberGenerator.GetBytes(16); // for every message, of every kind that ' +
      'is encrypted',
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
      'simulator.post("/__admin/clients/" + id + "/one-shots", rule); // in the test; the ' +
      'request stays as it is in production',
    php:
      '$simulator->post("/__admin/clients/{$id}/one-shots", $rule); // in the test; the request ' +
      'stays as it is in production',
    python:
      "simulator.post(f'/__admin/clients/{id}/one-shots', rule)  # in the test; the request " +
      'stays as it is in production',
    go:
      'simulator.Post("/__admin/clients/"+id+"/one-shots", rule) // in the test; the request ' +
      'stays as it is in production',
    csharp:
      'await simulator.Post($"/__admin/clients/{id}/one-shots", rule); // in the test; the ' +
      'request stays as it is in production',
    node:
      "await client.next({ then: { result: 'UNKNOWN_EXCEPTION' } }); // in the test; the request " +
      'stays as it is in production',
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
      'byte[] body = mapper.setSerializationInclusion(NON_EMPTY).writeValueAsBytes(message); // ' +
      'UTF-8 without a byte order mark',
    php:
      '$body = json_encode(array_filter($message, fn ($v) => $v !== "" && $v !== null), ' +
      'JSON_UNESCAPED_UNICODE);',
    python:
      "body = json.dumps({k: v for k, v in message.items() if v not in ('', None)}, " +
      "ensure_ascii=False).encode('utf-8')",
    go:
      'type Message struct { Memo string `json:"memo,omitempty"` } // and json.Marshal, which ' +
      'writes UTF-8',
    csharp:
      'byte[] body = JsonSerializer.SerializeToUtf8Bytes(message, new JsonSerializerOptions { ' +
      'DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });',
    node:
      "const body = Buffer.from(JSON.stringify(message, (_key, value) => (value === '' ? " +
      'undefined : value)));',
  },
} as const satisfies Record<string, Remedy>;
export type LintRemedyId = keyof typeof lintRemedies;
