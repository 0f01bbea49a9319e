import type { Remedy } from '../../../doctor/catalogue/remedies.ts';

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
