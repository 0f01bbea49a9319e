import type { Remedy } from './remedy.ts';

/** The signing call itself. */
export const signingRemedies = {
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
export const headerRemedies = {
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
export const keyRemedies = {
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
export const sealingRemedies = {
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
