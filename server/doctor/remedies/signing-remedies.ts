import type { Remedy } from './remedy.ts';

/** The signing call itself. */
export const signingRemedies = {
  signSha256: {
    java: 'Signature signer = Signature.getInstance("SHA256withRSA"); signer.initSign(key); signer.update(content); byte[] signature = signer.sign();',
    php: 'openssl_sign($content, $signature, $key, OPENSSL_ALGO_SHA256); // openssl_sign hashes: do not hash before',
    python: 'signature = key.sign(content, padding.PKCS1v15(), hashes.SHA256())',
    go: 'sum := sha256.Sum256(content); signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])',
    csharp:
      'byte[] signature = key.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);',
    node: "const signature = sign('sha256', content, key); // from node:crypto; an RSA key gives PKCS#1 v1.5 by default",
  },
} as const satisfies Record<string, Remedy>;
