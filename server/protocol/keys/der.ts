/** One value of a DER structure. */
export interface DerValue {
  readonly tag: number;
  /** With tag and length. */
  readonly whole: Buffer;
  readonly content: Buffer;
}

export const derTags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  sequence: 0x30,
} as const;

/** The values inside a structure, one level deep; empty when the bytes are not DER. */
export const derChildren = (structure: Buffer): readonly DerValue[] => {
  const outer = readDerValue(structure);
  return outer === undefined ? [] : readDerValues(outer.content);
};

/** The bytes of the first value without what follows it; undefined when they are not all there. */
export const derValue = (bytes: Buffer): Buffer | undefined => readDerValue(bytes)?.whole;

/**
 * How many bytes a value should have, by its own length field; undefined where that cannot be read.
 */
export const derLength = (bytes: Buffer): number | undefined => {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 4 || first === 0x80 || bytes.length < 2 + lengthBytes) return undefined;
  return 2 + lengthBytes + (lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes));
};

const readDerValues = (bytes: Buffer): DerValue[] => {
  const values: DerValue[] = [];
  for (let rest = bytes; rest.length > 0; ) {
    const value = readDerValue(rest);
    if (value === undefined) return [];
    values.push(value);
    rest = rest.subarray(value.whole.length);
  }
  return values;
};

const readDerValue = (bytes: Buffer): DerValue | undefined => {
  const [tag = 0, first = 0] = bytes;
  const length = derLength(bytes);
  if (length === undefined || bytes.length < length) return undefined;
  const start = 2 + (first < 0x80 ? 0 : first & 0x7f);
  return { tag, whole: bytes.subarray(0, length), content: bytes.subarray(start, length) };
};
