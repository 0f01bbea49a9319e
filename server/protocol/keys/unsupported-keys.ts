import { decodePem, type KeyProblem } from '../pem.ts';

interface UnsupportedFormat extends KeyProblem {
  readonly matches: (text: string, bytes: Buffer) => boolean;
}

/**
 * {version 3, content, …}; the one structure of these that starts so. It may be BER with an open
 * length.
 */
export const isPkcs12 = (der: Buffer): boolean => {
  const second = der[1] ?? 0;
  const start = 2 + (second > 0x80 ? second & 0x7f : 0);
  return (
    der[0] === 0x30 && der.subarray(start, start + 4).equals(Buffer.from([0x02, 0x01, 0x03, 0x30]))
  );
};

/** Files that people take for keys of this protocol. */
const unsupportedFormats: readonly UnsupportedFormat[] = [
  {
    matches: (text) => text.trim() === '',
    message: 'is empty',
    remedy: 'Put the key there: PEM, the bare base64 line, DER or a JWK.',
  },
  {
    matches: (_text, bytes) => decodePem(bytes).some(({ der }) => isPkcs12(der)),
    message: 'is a PKCS#12 file, which opens with a password only',
    remedy: 'Import it: keys add … --password TEXT.',
  },
  {
    matches: (text) => text.includes('BEGIN OPENSSH PRIVATE KEY'),
    message: 'is a private key in OpenSSH’s own form',
    remedy: 'Convert a copy: ssh-keygen -p -m PKCS8 -N "" -f COPY.',
  },
  {
    matches: (text) =>
      /^(ssh-(rsa|ed25519|dss)|ecdsa-sha2-\S+) /m.test(text) ||
      text.includes('BEGIN SSH2 PUBLIC KEY'),
    message: 'is a public key in OpenSSH’s own form',
    remedy: 'Convert it: ssh-keygen -e -m PKCS8 -f FILE.',
  },
  {
    matches: (_text, bytes) =>
      ['feedfeed', 'cececece'].includes(bytes.subarray(0, 4).toString('hex')),
    message: 'is a Java keystore',
    remedy:
      'Convert it: keytool -importkeystore -srckeystore FILE -destkeystore FILE.p12 -deststoretype PKCS12.',
  },
  {
    matches: (text) => text.includes('<RSAKeyValue>'),
    message: 'is .NET’s XML form of an RSA key',
    remedy:
      'Export PEM instead: rsa.ExportSubjectPublicKeyInfoPem() or rsa.ExportPkcs8PrivateKeyPem().',
  },
  {
    matches: (text) => text.includes('PuTTY-User-Key-File') || text.includes('BEGIN PGP'),
    message: 'is a key of another program (PuTTY or PGP)',
    remedy: 'Make a key for this protocol: keys create.',
  },
];

export const detectUnsupported = (bytes: Buffer, text: string): KeyProblem | undefined => {
  const found = unsupportedFormats.find(({ matches: isThis }) => isThis(text, bytes));
  return found && { message: found.message, remedy: found.remedy };
};
