import type { ProfileId } from '../../../conformance/certify/catalogue/case.ts';
import type { FailLevel } from '../../../conformance/certify/result.ts';
import type { OutboundCallId } from '../../../domain/outbound/outbound-calls.ts';
import type { ReportFileOptions } from '../../reports.ts';
import type { DriverLanguage } from './driver-templates.ts';

/** `certify` as it was called. */
export interface CertifyCommandOptions extends ReportFileOptions {
  readonly stream?: boolean;
  readonly hook?: string;
  readonly hookRemote?: boolean;
  readonly passive?: boolean;
  readonly client?: string;
  readonly serial?: boolean;
  /** Address of the merchant's own server. */
  readonly receiver?: string;
  readonly call?: readonly OutboundCallId[];
  readonly applied?: string;
  readonly list?: boolean;
  readonly explain?: string;
  readonly init?: DriverLanguage;
  readonly json?: boolean;
  readonly case: readonly string[];
  readonly operation: readonly string[];
  readonly profile?: ProfileId;
  readonly every?: 'primary' | 'operation';
  readonly jobs?: number;
  readonly patience?: number;
  readonly realPauses?: boolean;
  readonly reveal?: boolean;
  readonly expected?: string;
  readonly writeExpected?: string;
  readonly failOn?: FailLevel;
  readonly config?: string;
  /** Empty: nothing is kept. */
  readonly out: string;
  /** Given when the flag was. */
  readonly port?: readonly string[];
  readonly store?: readonly string[];
  readonly advertiseUrl?: string;
  readonly sarifLocation?: string;
}

/** `certify judge` as it was called. */
export type JudgeCommandOptions = Pick<
  CertifyCommandOptions,
  'profile' | 'expected' | 'failOn' | 'report'
>;

/** `outbound certify` as it was called. */
export interface CertifyOutboundOptions
  extends Pick<CertifyCommandOptions, 'report' | 'case' | 'call' | 'applied' | 'json'> {
  readonly to: string;
  readonly client: string;
}
