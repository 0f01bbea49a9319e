import { isAesKeyLength } from '../../protocol/body-cipher.ts';
import { decodeBase64, decodeUrlText } from '../../protocol/encodings.ts';

/**
 * AES keys that the header's value may be when it was never wrapped: its characters themselves, or
 * what they decode to. A wrapped key is as long as the RSA modulus, so a value this short is none,
 * whatever the body says.
 */
export const bareKeys = (value: string): readonly Buffer[] => {
  const text = decodeUrlText(value) ?? value;
  const hex = /^(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : undefined;
  const readings = [Buffer.from(text), decodeBase64(text), hex];
  return readings.filter(
    (key) => key !== undefined && isAesKeyLength(key.length),
  ) as readonly Buffer[];
};
