import type { Remedy } from './remedy.ts';

/** The content around the body. */
export const contentRemedies = {
  content: {
    java:
      'byte[] start = ("POST " + target + "\\n" + clientId + "." + time + ' +
      '".").getBytes(StandardCharsets.UTF_8); signer.update(start); signer.update(body);',
    php:
      '$content = "POST {$target}\\n{$clientId}.{$time}.{$body}"; // double quotes: in single ' +
      'quotes \\n stays two characters',
    python: "content = f'POST {target}\\n{client_id}.{time}.'.encode('utf-8') + body",
    go: 'content := append([]byte("POST "+target+"\\n"+clientID+"."+time+"."), body...)',
    csharp:
      'byte[] content = Encoding.UTF8.GetBytes($"POST ' +
      '{target}\\n{clientId}.{time}.").Concat(body).ToArray();',
    node:
      `const content = Buffer.concat([Buffer.from(\`POST ` +
      `\${target}\\n\${clientId}.\${time}.\`), body]);`,
  },
  target: {
    java:
      'URI uri = URI.create(url); String target = uri.getRawPath() + (uri.getRawQuery() == ' +
      'null ? "" : "?" + uri.getRawQuery());',
    php:
      "$parts = parse_url($url); $target = $parts['path'] . (isset($parts['query']) ? '?' . " +
      "$parts['query'] : '');",
    python:
      "parts = urllib.parse.urlsplit(url); target = parts.path + ('?' + parts.query if " +
      "parts.query else '')",
    go: 'target := req.URL.RequestURI() // path and query as they go onto the request line',
    csharp: 'string target = new Uri(url).PathAndQuery;',
    node: 'const { pathname, search } = new URL(url); const target = pathname + search;',
  },
  clientId: {
    java:
      'String clientId = config.clientId().strip(); request.header("Client-Id", clientId); // ' +
      'sign this very variable',
    php:
      "$clientId = trim($config['clientId']); $headers[] = 'Client-Id: ' . $clientId; // sign " +
      'this very variable',
    python:
      "client_id = config['client_id'].strip(); headers['Client-Id'] = client_id  # sign this " +
      'very variable',
    go:
      'clientID := strings.TrimSpace(config.ClientID); req.Header.Set("Client-Id", clientID) ' +
      '// sign this very variable',
    csharp:
      'string clientId = config.ClientId.Trim(); request.Headers.Add("Client-Id", clientId); ' +
      '// sign this very variable',
    node:
      "const clientId = config.clientId.trim(); headers['Client-Id'] = clientId; // sign this " +
      'very variable',
  },
  timeOnce: {
    java:
      'String time = ' +
      'OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME); ' +
      'request.header("Request-Time", time); // once; sign this very variable',
    php:
      "$time = date(DATE_ATOM); $headers[] = 'Request-Time: ' . $time; // once; sign this very " +
      'variable',
    python:
      "time = datetime.now(timezone.utc).isoformat(timespec='seconds'); " +
      "headers['Request-Time'] = time  # once; sign this very variable",
    go:
      'now := time.Now().Format("2006-01-02T15:04:05-07:00"); req.Header.Set("Request-Time", ' +
      'now) // once; sign this very variable',
    csharp:
      'string time = DateTimeOffset.Now.ToString("yyyy-MM-dd\'T\'HH:mm:sszzz", ' +
      'CultureInfo.InvariantCulture); request.Headers.Add("Request-Time", time); // once; sign ' +
      'this very variable',
    node:
      "const time = new Date().toISOString().replace(/\\.\\d+Z$/, '+00:00'); " +
      "headers['Request-Time'] = time; // once; sign this very variable",
  },
} as const satisfies Record<string, Remedy>;

/** The body's bytes: made once, signed and sent alike. */
export const bodyRemedies = {
  bytesOnce: {
    java:
      'byte[] body = mapper.writeValueAsBytes(order); signer.update(body); ' +
      'request.POST(HttpRequest.BodyPublishers.ofByteArray(body)); // one byte[], signed and ' +
      'sent',
    php:
      '$body = json_encode($order, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES); /* sign ' +
      '$body */ curl_setopt($curl, CURLOPT_POSTFIELDS, $body); // one string, signed and sent',
    python:
      "body = json.dumps(order, ensure_ascii=False, separators=(',', ':')).encode('utf-8')  # " +
      'sign body, then requests.post(url, data=body), not json=order',
    go:
      'body, err := json.Marshal(order) // sign body, then http.NewRequest("POST", url, ' +
      'bytes.NewReader(body))',
    csharp:
      'byte[] body = JsonSerializer.SerializeToUtf8Bytes(order); request.Content = new ' +
      'ByteArrayContent(body); // one byte[], signed and sent; not JsonContent.Create(order)',
    node:
      'const body = Buffer.from(JSON.stringify(order)); // sign body, then fetch(url, { ' +
      "method: 'POST', headers, body }): never stringify again",
  },
  fileBytes: {
    java:
      'byte[] body = Files.readString(file).strip().getBytes(StandardCharsets.UTF_8); // sign ' +
      'these bytes and send these bytes',
    php: '$body = trim(file_get_contents($file)); // sign this string and send this string',
    python:
      "body = open(file, 'rb').read().strip()  # sign these bytes and send these bytes; with " +
      'curl use --data-binary @file',
    go:
      'raw, err := os.ReadFile(file); body := bytes.TrimSpace(raw) // sign these bytes; ' +
      'json.Encoder adds a line feed, json.Marshal does not',
    csharp:
      'byte[] body = Encoding.UTF8.GetBytes(File.ReadAllText(file).Trim()); // sign these ' +
      'bytes and send these bytes',
    node:
      "const body = Buffer.from((await readFile(file, 'utf8')).trim()); // sign these bytes " +
      'and send these bytes; with curl use --data-binary @file',
  },
  utf8: {
    java:
      'byte[] body = json.getBytes(StandardCharsets.UTF_8); // never json.getBytes() without a ' +
      'charset; sign and send these bytes',
    php:
      "$body = mb_convert_encoding($json, 'UTF-8', $sourceCharset); // when $json is not UTF-8 " +
      'yet; sign and send this string',
    python:
      "body = json.encode('utf-8')  # not 'utf-8-sig', not 'gbk', no errors='replace'; sign " +
      'and send these bytes',
    go:
      'body := []byte(json) // Go strings are UTF-8: convert foreign text once when it comes ' +
      'in, with golang.org/x/text/encoding',
    csharp:
      'byte[] body = new UTF8Encoding(false).GetBytes(json); // false: no byte order mark; not ' +
      'Encoding.Default, not Encoding.ASCII',
    node:
      "const body = Buffer.from(json, 'utf8'); // not 'latin1', not 'ascii'; sign and send " +
      'this buffer',
  },
  sameEscapes: {
    java:
      'String json = new GsonBuilder().disableHtmlEscaping().create().toJson(order); byte[] ' +
      'body = json.getBytes(StandardCharsets.UTF_8); // sign and send these bytes',
    php:
      '$body = json_encode($order, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE); // one ' +
      'call; sign and send this string',
    python:
      "body = json.dumps(order, ensure_ascii=False, separators=(',', ':')).encode('utf-8')  # " +
      'one call; sign and send these bytes',
    go:
      'var text bytes.Buffer; enc := json.NewEncoder(&text); enc.SetEscapeHTML(false); err := ' +
      'enc.Encode(order); body := bytes.TrimSpace(text.Bytes()) // sign and send these bytes',
    csharp:
      'byte[] body = JsonSerializer.SerializeToUtf8Bytes(order, new JsonSerializerOptions { ' +
      'Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }); // sign and send these bytes',
    node:
      'const body = Buffer.from(JSON.stringify(order)); // one call, no replace() after it; ' +
      'sign and send this buffer',
  },
  stringifyOnce: {
    java:
      'request.POST(HttpRequest.BodyPublishers.ofByteArray(body)); // body is JSON already: do ' +
      'not pass it through writeValueAsString again',
    php:
      'curl_setopt($curl, CURLOPT_POSTFIELDS, $body); // $body is JSON already: no second ' +
      'json_encode',
    python:
      'requests.post(url, data=body, headers=headers)  # body is JSON already: json=body would ' +
      'encode it again',
    go:
      'http.NewRequest("POST", url, bytes.NewReader(body)) // body is JSON already: no second ' +
      'json.Marshal',
    csharp:
      'request.Content = new ByteArrayContent(body); // body is JSON already: ' +
      'JsonContent.Create(body) would encode it again',
    node:
      "await fetch(url, { method: 'POST', headers, body }); // body is JSON already: no second " +
      'JSON.stringify, no json: option',
  },
} as const satisfies Record<string, Remedy>;
