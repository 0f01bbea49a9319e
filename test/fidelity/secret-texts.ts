import type { Keyring } from '../../server/protocol/keys/keyring.ts';

/** Texts that a file with one of these private keys would contain, whatever its form. */
export const privateKeyTexts = (keyrings: Iterable<Keyring>): readonly string[] =>
  [...keyrings].flatMap(({ versions }) =>
    versions.flatMap(({ privateKey }) => {
      if (privateKey === undefined) return [];
      const der = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
      const isRsa = privateKey.asymmetricKeyType === 'rsa';
      const { d } = isRsa ? privateKey.export({ format: 'jwk' }) : {};
      return d === undefined ? [der.slice(60, 100)] : [der.slice(60, 160), d];
    }),
  );

/** The forms in which a text could hide in a file. */
export const formsOf = (word: string): readonly string[] => [
  word,
  encodeURIComponent(word),
  Buffer.from(word).toString('hex'),
  // A base64 text around it begins at any of three places.
  ...[0, 1, 2].map((shift) =>
    Buffer.from(`${' '.repeat(shift)}${word}`)
      .toString('base64')
      .slice(4, -4),
  ),
];
