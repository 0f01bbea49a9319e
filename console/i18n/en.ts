import { exchange } from './en/exchange.ts';
import { frame } from './en/frame.ts';
import { gateway } from './en/gateway.ts';
import { scripts } from './en/scripts.ts';
import { work } from './en/work.ts';

/** The same shape with any text in it. */
type AnyText<T> = T extends string
  ? string
  : T extends (...given: infer G) => string
    ? (...given: G) => string
    : { readonly [K in keyof T]: AnyText<T[K]> };

/** The doctor writes English itself, so there is nothing to translate its findings into. */
const findings: Readonly<Record<string, string>> = {};

export const en = { ...frame, ...exchange, ...gateway, ...work, ...scripts, findings };

export type Messages = AnyText<typeof en>;
