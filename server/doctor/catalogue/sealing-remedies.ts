import type { Remedy } from './remedy.ts';

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
