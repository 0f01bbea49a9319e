/**
 * A process that signs requests into files: `write-requests.ts
 * '[{"kind":"order","label":"r1","from":0,"count":1000,"file":"/tmp/x"}]'`.
 */
import { httpBytes } from './http-bytes.ts';
import { writeRequestFile } from './request-file.ts';
import { createSigners, type RequestKind } from './request-kinds.ts';

export interface WritingTask {
  readonly kind: RequestKind;
  readonly label: string;
  readonly from: number;
  readonly count: number;
  readonly file: string;
}

const exitAsOrphan = (): void => process.exit(1);
process.on('disconnect', exitAsOrphan);
const signers = createSigners();
// Written by sign-requests.ts beside this file.
for (const { kind, label, from, count, file } of JSON.parse(
  process.argv[2] ?? '[]',
) as readonly WritingTask[]) {
  writeRequestFile(
    file,
    Array.from({ length: count }, (_, index) => httpBytes(signers[kind](label, from + index))),
  );
}
process.off('disconnect', exitAsOrphan);
process.disconnect?.();
