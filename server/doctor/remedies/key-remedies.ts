import type { Remedy } from './remedy.ts';

/** Which key signs, and how its number is told. */
export const keyRemedies = {
  statedVersion: {
    java: 'String header = "algorithm=RSA256,keyVersion=" + keyVersion + ",signature=" + value; // the version under which this very key is registered',
    php: '$header = "algorithm=RSA256,keyVersion={$keyVersion},signature={$value}"; // the version under which this very key is registered',
    python:
      "header = f'algorithm=RSA256,keyVersion={key_version},signature={value}'  # the version under which this very key is registered",
    go: 'header := fmt.Sprintf("algorithm=RSA256,keyVersion=%d,signature=%s", keyVersion, value) // the version under which this very key is registered',
    csharp:
      'string header = $"algorithm=RSA256,keyVersion={keyVersion},signature={value}"; // the version under which this very key is registered',
    node: `const header = \`algorithm=RSA256,keyVersion=\${keyVersion},signature=\${value}\`; // the version under which this very key is registered`,
  },
  ownKey: {
    java: 'RSAPrivateCrtKey own = (RSAPrivateCrtKey) key; byte[] spki = KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(own.getModulus(), own.getPublicExponent())).getEncoded(); // SHA-256 of spki must be the registered fingerprint',
    php: "$pem = openssl_pkey_get_details(openssl_pkey_get_private($key))['key']; echo hash('sha256', base64_decode(preg_replace('/-----[^-]+-----|\\s/', '', $pem))); // must be the registered fingerprint",
    python:
      'spki = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo); print(hashlib.sha256(spki).hexdigest())  # must be the registered fingerprint',
    go: 'spki, _ := x509.MarshalPKIXPublicKey(&key.PublicKey); fmt.Printf("%x\\n", sha256.Sum256(spki)) // must be the registered fingerprint',
    csharp:
      'Console.WriteLine(Convert.ToHexString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))); // must be the registered fingerprint',
    node: "console.log(createHash('sha256').update(createPublicKey(key).export({ type: 'spki', format: 'der' })).digest('hex')); // must be the registered fingerprint",
  },
  key2048: {
    java: 'KeyPairGenerator pairs = KeyPairGenerator.getInstance("RSA"); pairs.initialize(2048); KeyPair pair = pairs.generateKeyPair(); // then register the public half',
    php: "$key = openssl_pkey_new(['private_key_type' => OPENSSL_KEYTYPE_RSA, 'private_key_bits' => 2048]); // then register the public half",
    python:
      'key = rsa.generate_private_key(public_exponent=65537, key_size=2048)  # then register the public half',
    go: 'key, err := rsa.GenerateKey(rand.Reader, 2048) // then register the public half',
    csharp: 'using RSA key = RSA.Create(2048); // then register the public half',
    node: "const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 }); // then register the public half",
  },
  statedAlgorithm: {
    java: 'String algorithm = key.getAlgorithm().equals("RSA") ? "RSA256" : "ECC224"; // the only two values',
    php: "$algorithm = openssl_pkey_get_details(openssl_pkey_get_private($key))['type'] === OPENSSL_KEYTYPE_RSA ? 'RSA256' : 'ECC224'; // the only two values",
    python:
      "algorithm = 'RSA256' if isinstance(key, rsa.RSAPrivateKey) else 'ECC224'  # the only two values",
    go: 'algorithm := "ECC224"; if _, ok := key.(*rsa.PrivateKey); ok { algorithm = "RSA256" } // the only two values',
    csharp: 'string algorithm = key is RSA ? "RSA256" : "ECC224"; // the only two values',
    node: "const algorithm = key.asymmetricKeyType === 'rsa' ? 'RSA256' : 'ECC224'; // the only two values",
  },
} as const satisfies Record<string, Remedy>;
