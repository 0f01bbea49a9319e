import type { Messages } from './en.ts';
import { exchange } from './zh-hant/exchange.ts';
import { findings } from './zh-hant/findings.ts';
import { frame } from './zh-hant/frame.ts';
import { gateway } from './zh-hant/gateway.ts';
import { scripts } from './zh-hant/scripts.ts';
import { work } from './zh-hant/work.ts';

/** Traditional Chinese as it is written in Hong Kong. */
export const zhHant: Messages = {
  ...frame,
  ...exchange,
  ...gateway,
  ...work,
  ...scripts,
  findings,
};
