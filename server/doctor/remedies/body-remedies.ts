import type { Remedy } from './remedy.ts';

/** The body's bytes: made once, signed and sent alike. */
export const bodyRemedies = {
  bytesOnce: {
    java: 'byte[] body = mapper.writeValueAsBytes(order); signer.update(body); request.POST(HttpRequest.BodyPublishers.ofByteArray(body)); // one byte[], signed and sent',
    php: '$body = json_encode($order, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES); /* sign $body */ curl_setopt($curl, CURLOPT_POSTFIELDS, $body); // one string, signed and sent',
    python:
      "body = json.dumps(order, ensure_ascii=False, separators=(',', ':')).encode('utf-8')  # sign body, then requests.post(url, data=body), not json=order",
    go: 'body, err := json.Marshal(order) // sign body, then http.NewRequest("POST", url, bytes.NewReader(body))',
    csharp:
      'byte[] body = JsonSerializer.SerializeToUtf8Bytes(order); request.Content = new ByteArrayContent(body); // one byte[], signed and sent; not JsonContent.Create(order)',
    node: "const body = Buffer.from(JSON.stringify(order)); // sign body, then fetch(url, { method: 'POST', headers, body }): never stringify again",
  },
  fileBytes: {
    java: 'byte[] body = Files.readString(file).strip().getBytes(StandardCharsets.UTF_8); // sign these bytes and send these bytes',
    php: '$body = trim(file_get_contents($file)); // sign this string and send this string',
    python:
      "body = open(file, 'rb').read().strip()  # sign these bytes and send these bytes; with curl use --data-binary @file",
    go: 'raw, err := os.ReadFile(file); body := bytes.TrimSpace(raw) // sign these bytes; json.Encoder adds a line feed, json.Marshal does not',
    csharp:
      'byte[] body = Encoding.UTF8.GetBytes(File.ReadAllText(file).Trim()); // sign these bytes and send these bytes',
    node: "const body = Buffer.from((await readFile(file, 'utf8')).trim()); // sign these bytes and send these bytes; with curl use --data-binary @file",
  },
  utf8: {
    java: 'byte[] body = json.getBytes(StandardCharsets.UTF_8); // never json.getBytes() without a charset; sign and send these bytes',
    php: "$body = mb_convert_encoding($json, 'UTF-8', $sourceCharset); // when $json is not UTF-8 yet; sign and send this string",
    python:
      "body = json.encode('utf-8')  # not 'utf-8-sig', not 'gbk', no errors='replace'; sign and send these bytes",
    go: 'body := []byte(json) // Go strings are UTF-8: convert foreign text once when it comes in, with golang.org/x/text/encoding',
    csharp:
      'byte[] body = new UTF8Encoding(false).GetBytes(json); // false: no byte order mark; not Encoding.Default, not Encoding.ASCII',
    node: "const body = Buffer.from(json, 'utf8'); // not 'latin1', not 'ascii'; sign and send this buffer",
  },
  sameEscapes: {
    java: 'String json = new GsonBuilder().disableHtmlEscaping().create().toJson(order); byte[] body = json.getBytes(StandardCharsets.UTF_8); // sign and send these bytes',
    php: '$body = json_encode($order, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE); // one call; sign and send this string',
    python:
      "body = json.dumps(order, ensure_ascii=False, separators=(',', ':')).encode('utf-8')  # one call; sign and send these bytes",
    go: 'var text bytes.Buffer; enc := json.NewEncoder(&text); enc.SetEscapeHTML(false); err := enc.Encode(order); body := bytes.TrimSpace(text.Bytes()) // sign and send these bytes',
    csharp:
      'byte[] body = JsonSerializer.SerializeToUtf8Bytes(order, new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }); // sign and send these bytes',
    node: 'const body = Buffer.from(JSON.stringify(order)); // one call, no replace() behind it; sign and send this buffer',
  },
  stringifyOnce: {
    java: 'request.POST(HttpRequest.BodyPublishers.ofByteArray(body)); // body is JSON already: do not pass it through writeValueAsString again',
    php: 'curl_setopt($curl, CURLOPT_POSTFIELDS, $body); // $body is JSON already: no second json_encode',
    python:
      'requests.post(url, data=body, headers=headers)  # body is JSON already: json=body would encode it again',
    go: 'http.NewRequest("POST", url, bytes.NewReader(body)) // body is JSON already: no second json.Marshal',
    csharp:
      'request.Content = new ByteArrayContent(body); // body is JSON already: JsonContent.Create(body) would encode it again',
    node: "await fetch(url, { method: 'POST', headers, body }); // body is JSON already: no second JSON.stringify, no json: option",
  },
} as const satisfies Record<string, Remedy>;
