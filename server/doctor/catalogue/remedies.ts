/** The languages that official SDKs of this protocol family exist for. */
export const languages = ['java', 'php', 'python', 'go', 'csharp', 'node'] as const;
export type Language = (typeof languages)[number];

export const languageNames: Readonly<Record<Language, string>> = {
  java: 'Java',
  php: 'PHP',
  python: 'Python',
  go: 'Go',
  csharp: 'C#',
  node: 'Node',
};

/**
 * What to write instead, per language. The snippets share their names: `content` is the text to
 * sign, `signature` its raw bytes, `value` what goes after `signature=`, `body` the bytes on the
 * wire, `key` the private key.
 */
export type Remedy = Readonly<Record<Language, string>>;

/** The content around the body. */
const contentRemedies = {
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
const bodyRemedies = {
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

/** The signing call itself. */
const signingRemedies = {
  signSha256: {
    java:
      'Signature signer = Signature.getInstance("SHA256withRSA"); signer.initSign(key); ' +
      'signer.update(content); byte[] signature = signer.sign();',
    php:
      'openssl_sign($content, $signature, $key, OPENSSL_ALGO_SHA256); // openssl_sign hashes: ' +
      'do not hash before',
    python: 'signature = key.sign(content, padding.PKCS1v15(), hashes.SHA256())',
    go:
      'sum := sha256.Sum256(content); signature, err := rsa.SignPKCS1v15(rand.Reader, key, ' +
      'crypto.SHA256, sum[:])',
    csharp:
      'byte[] signature = key.SignData(content, HashAlgorithmName.SHA256, ' +
      'RSASignaturePadding.Pkcs1);',
    node:
      "const signature = sign('sha256', content, key); // from node:crypto; an RSA key gives " +
      'PKCS#1 v1.5 by default',
  },
} as const satisfies Record<string, Remedy>;

/** How the raw signature becomes the header. */
const headerRemedies = {
  urlEncodeOnce: {
    java:
      'String value = URLEncoder.encode(Base64.getEncoder().encodeToString(signature), ' +
      'StandardCharsets.UTF_8);',
    php:
      '$value = rawurlencode(base64_encode($signature)); // once; hand $value to the HTTP ' +
      'client as it is',
    python: "value = urllib.parse.quote(base64.b64encode(signature).decode('ascii'), safe='')",
    go: 'value := url.QueryEscape(base64.StdEncoding.EncodeToString(signature))',
    csharp: 'string value = Uri.EscapeDataString(Convert.ToBase64String(signature));',
    node: "const value = encodeURIComponent(signature.toString('base64'));",
  },
  standardBase64: {
    java:
      'String text = Base64.getEncoder().encodeToString(signature); // not getUrlEncoder, not ' +
      'getMimeEncoder; then URLEncoder.encode(text, StandardCharsets.UTF_8)',
    php:
      '$text = base64_encode($signature); // raw bytes from openssl_sign: no bin2hex, no ' +
      'chunk_split, once; then rawurlencode($text)',
    python:
      "text = base64.b64encode(signature).decode('ascii')  # not urlsafe_b64encode, not " +
      "encodebytes, not .hex(); then quote(text, safe='')",
    go:
      'text := base64.StdEncoding.EncodeToString(signature) // not URLEncoding, not hex; then ' +
      'url.QueryEscape(text)',
    csharp:
      'string text = Convert.ToBase64String(signature); // no InsertLineBreaks, no ' +
      'ToHexString; then Uri.EscapeDataString(text)',
    node:
      "const text = signature.toString('base64'); // not 'base64url', not 'hex', and not " +
      'twice; then encodeURIComponent(text)',
  },
  signatureHeader: {
    java: 'request.header("Signature", "algorithm=RSA256,keyVersion=1,signature=" + value);',
    php: "$headers[] = 'Signature: algorithm=RSA256,keyVersion=1,signature=' . $value;",
    python: "headers['Signature'] = f'algorithm=RSA256,keyVersion=1,signature={value}'",
    go: 'req.Header.Set("Signature", "algorithm=RSA256,keyVersion=1,signature="+value)',
    csharp:
      'request.Headers.TryAddWithoutValidation("Signature", ' +
      '$"algorithm=RSA256,keyVersion=1,signature={value}");',
    node: `headers['Signature'] = \`algorithm=RSA256,keyVersion=1,signature=\${value}\`;`,
  },
  wholeValue: {
    java:
      'String value = header.substring(header.indexOf("signature=") + 10); // never ' +
      'split("="): base64 ends in "="; signature.length is 256',
    php:
      "$value = explode('signature=', $header, 2)[1]; // never explode('='); " +
      'strlen($signature) is 256, and no column or buffer may cut the text',
    python:
      "value = header.split('signature=', 1)[1]  # never split('='); len(signature) is 256, " +
      'and no column or buffer may cut the text',
    go:
      '_, value, _ := strings.Cut(header, "signature=") // never strings.Split(header, "="); ' +
      'len(signature) is 256',
    csharp:
      'string value = header.Split("signature=", 2)[1]; // never Split(\'=\'); ' +
      'signature.Length is 256',
    node:
      "const value = header.slice(header.indexOf('signature=') + 10); // never split('=')[1]; " +
      'signature.length is 256',
  },
} as const satisfies Record<string, Remedy>;

/** Which key signs, and how the header states its version. */
const keyRemedies = {
  statedVersion: {
    java:
      'String header = "algorithm=RSA256,keyVersion=" + keyVersion + ",signature=" + value; // ' +
      'the version under which this very key is registered',
    php:
      '$header = "algorithm=RSA256,keyVersion={$keyVersion},signature={$value}"; // the ' +
      'version under which this very key is registered',
    python:
      "header = f'algorithm=RSA256,keyVersion={key_version},signature={value}'  # the version " +
      'under which this very key is registered',
    go:
      'header := fmt.Sprintf("algorithm=RSA256,keyVersion=%d,signature=%s", keyVersion, value) ' +
      '// the version under which this very key is registered',
    csharp:
      'string header = $"algorithm=RSA256,keyVersion={keyVersion},signature={value}"; // the ' +
      'version under which this very key is registered',
    node:
      `const header = \`algorithm=RSA256,keyVersion=\${keyVersion},signature=\${value}\`; // ` +
      'the version under which this very key is registered',
  },
  ownKey: {
    java:
      'RSAPrivateCrtKey own = (RSAPrivateCrtKey) key; byte[] spki = ' +
      'KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(own.getModulus(), ' +
      'own.getPublicExponent())).getEncoded(); // SHA-256 of spki must be the registered ' +
      'fingerprint',
    php:
      "$pem = openssl_pkey_get_details(openssl_pkey_get_private($key))['key']; echo " +
      "hash('sha256', base64_decode(preg_replace('/-----[^-]+-----|\\s/', '', $pem))); // must " +
      'be the registered fingerprint',
    python:
      'spki = key.public_key().public_bytes(serialization.Encoding.DER, ' +
      'serialization.PublicFormat.SubjectPublicKeyInfo); ' +
      'print(hashlib.sha256(spki).hexdigest())  # must be the registered fingerprint',
    go:
      'spki, _ := x509.MarshalPKIXPublicKey(&key.PublicKey); fmt.Printf("%x\\n", ' +
      'sha256.Sum256(spki)) // must be the registered fingerprint',
    csharp:
      'Console.WriteLine(Convert.ToHexString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))); ' +
      '// must be the registered fingerprint',
    node:
      "console.log(createHash('sha256').update(createPublicKey(key).export({ type: 'spki', " +
      "format: 'der' })).digest('hex')); // must be the registered fingerprint",
  },
  key2048: {
    java:
      'KeyPairGenerator pairs = KeyPairGenerator.getInstance("RSA"); pairs.initialize(2048); ' +
      'KeyPair pair = pairs.generateKeyPair(); // then register the public half',
    php:
      "$key = openssl_pkey_new(['private_key_type' => OPENSSL_KEYTYPE_RSA, 'private_key_bits' " +
      '=> 2048]); // then register the public half',
    python:
      'key = rsa.generate_private_key(public_exponent=65537, key_size=2048)  # then register ' +
      'the public half',
    go: 'key, err := rsa.GenerateKey(rand.Reader, 2048) // then register the public half',
    csharp: 'using RSA key = RSA.Create(2048); // then register the public half',
    node:
      "const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 }); " +
      '// then register the public half',
  },
  statedAlgorithm: {
    java:
      'String algorithm = key.getAlgorithm().equals("RSA") ? "RSA256" : "ECC224"; // the only ' +
      'two values',
    php:
      "$algorithm = openssl_pkey_get_details(openssl_pkey_get_private($key))['type'] === " +
      "OPENSSL_KEYTYPE_RSA ? 'RSA256' : 'ECC224'; // the only two values",
    python:
      "algorithm = 'RSA256' if isinstance(key, rsa.RSAPrivateKey) else 'ECC224'  # the only " +
      'two values',
    go:
      'algorithm := "ECC224"; if _, ok := key.(*rsa.PrivateKey); ok { algorithm = "RSA256" } ' +
      '// the only two values',
    csharp: 'string algorithm = key is RSA ? "RSA256" : "ECC224"; // the only two values',
    node:
      "const algorithm = key.asymmetricKeyType === 'rsa' ? 'RSA256' : 'ECC224'; // the only " +
      'two values',
  },
} as const satisfies Record<string, Remedy>;

/**
 * Encryption of the body: AES/ECB, the AES key wrapped with RSA PKCS#1 v1.5, then the signature
 * over what is sent.
 */
const sealingRemedies = {
  encryptThenSign: {
    java:
      'byte[] body = Base64.getEncoder().encode(aes.doFinal(plain)); signer.update(start); ' +
      'signer.update(body); // sign the base64 text that is sent',
    php:
      "$body = base64_encode(openssl_encrypt($plain, 'aes-256-ecb', $aesKey, " +
      'OPENSSL_RAW_DATA)); $content = "POST {$target}\\n{$clientId}.{$time}.{$body}"; // then ' +
      'sign $content',
    python:
      'body = base64.b64encode(encryptor.update(padded) + encryptor.finalize()); content = ' +
      "f'POST {target}\\n{client_id}.{time}.'.encode() + body  # then sign content",
    go:
      'body := []byte(base64.StdEncoding.EncodeToString(sealed)); content := ' +
      'append([]byte("POST "+target+"\\n"+clientID+"."+time+"."), body...) // then sign content',
    csharp:
      'byte[] body = Encoding.ASCII.GetBytes(Convert.ToBase64String(aes.EncryptEcb(plain, ' +
      'PaddingMode.PKCS7))); // then sign the content with this body',
    node:
      'const body = Buffer.from(Buffer.concat([cipher.update(plain), ' +
      "cipher.final()]).toString('base64')); // then sign the content with this body",
  },
  wrapKey: {
    java:
      'Cipher rsa = Cipher.getInstance("RSA/ECB/PKCS1Padding"); rsa.init(Cipher.ENCRYPT_MODE, ' +
      'platformPublicKey); byte[] wrapped = rsa.doFinal(aesKey.getEncoded());',
    php:
      'openssl_public_encrypt($aesKey, $wrapped, $platformPublicKey, OPENSSL_PKCS1_PADDING); ' +
      '// $aesKey: the 32 raw bytes',
    python:
      'wrapped = platform_public_key.encrypt(aes_key, padding.PKCS1v15())  # aes_key: the 32 ' +
      'raw bytes',
    go:
      'wrapped, err := rsa.EncryptPKCS1v15(rand.Reader, platformPublicKey, aesKey) // aesKey: ' +
      'the 32 raw bytes',
    csharp:
      'byte[] wrapped = platformPublicKey.Encrypt(aesKey, RSAEncryptionPadding.Pkcs1); // ' +
      'aesKey: the 32 raw bytes',
    node:
      'const wrapped = publicEncrypt({ key: platformPublicKey, padding: ' +
      'constants.RSA_PKCS1_PADDING }, aesKey); // aesKey: the 32 raw bytes',
  },
  urlEncodeKey: {
    java:
      'String symmetricKey = URLEncoder.encode(Base64.getEncoder().encodeToString(wrapped), ' +
      'StandardCharsets.UTF_8);',
    php: '$symmetricKey = rawurlencode(base64_encode($wrapped));',
    python:
      "symmetric_key = urllib.parse.quote(base64.b64encode(wrapped).decode('ascii'), safe='')",
    go: 'symmetricKey := url.QueryEscape(base64.StdEncoding.EncodeToString(wrapped))',
    csharp: 'string symmetricKey = Uri.EscapeDataString(Convert.ToBase64String(wrapped));',
    node: "const symmetricKey = encodeURIComponent(wrapped.toString('base64'));",
  },
  encryptHeader: {
    java:
      'request.header("Encrypt", "algorithm=RSA_AES,keyVersion=1,symmetricKey=" + ' +
      'symmetricKey);',
    php: "$headers[] = 'Encrypt: algorithm=RSA_AES,keyVersion=1,symmetricKey=' . $symmetricKey;",
    python: "headers['Encrypt'] = f'algorithm=RSA_AES,keyVersion=1,symmetricKey={symmetric_key}'",
    go: 'req.Header.Set("Encrypt", "algorithm=RSA_AES,keyVersion=1,symmetricKey="+symmetricKey)',
    csharp:
      'request.Headers.TryAddWithoutValidation("Encrypt", ' +
      '$"algorithm=RSA_AES,keyVersion=1,symmetricKey={symmetricKey}");',
    node: `headers['Encrypt'] = \`algorithm=RSA_AES,keyVersion=1,symmetricKey=\${symmetricKey}\`;`,
  },
  aesEcb: {
    java:
      'Cipher aes = Cipher.getInstance("AES/ECB/PKCS5Padding"); aes.init(Cipher.ENCRYPT_MODE, ' +
      'aesKey); byte[] body = Base64.getEncoder().encode(aes.doFinal(plain));',
    php:
      "$body = base64_encode(openssl_encrypt($plain, 'aes-256-ecb', $aesKey, " +
      'OPENSSL_RAW_DATA));',
    python:
      'pad = sym_padding.PKCS7(128).padder(); enc = Cipher(algorithms.AES(aes_key), ' +
      'modes.ECB()).encryptor(); body = base64.b64encode(enc.update(pad.update(plain) + ' +
      'pad.finalize()) + enc.finalize())',
    go:
      'n := 16 - len(plain)%16; padded := append(plain, bytes.Repeat([]byte{byte(n)}, n)...); ' +
      'for i := 0; i < len(padded); i += 16 { block.Encrypt(padded[i:i+16], padded[i:i+16]) }; ' +
      'body := base64.StdEncoding.EncodeToString(padded)',
    csharp:
      'using Aes aes = Aes.Create(); aes.Key = aesKey; byte[] sealedBytes = ' +
      'aes.EncryptEcb(plain, PaddingMode.PKCS7); string body = ' +
      'Convert.ToBase64String(sealedBytes);',
    node:
      "const cipher = createCipheriv('aes-256-ecb', aesKey, null); const body = " +
      "Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64');",
  },
} as const satisfies Record<string, Remedy>;

/** Every remedy by topic: many mistakes are mended by the same few lines. */
export const remedies = {
  ...headerRemedies,
  ...keyRemedies,
  ...signingRemedies,
  ...contentRemedies,
  ...bodyRemedies,
  ...sealingRemedies,
} as const satisfies Record<string, Remedy>;

export type RemedyTopic = keyof typeof remedies;
