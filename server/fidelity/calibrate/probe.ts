import type { RegisterId } from '../../domain/contract/basis.ts';
import type { OperationId } from '../../domain/contract/contract.ts';
import type { SettingKey } from '../../domain/settings/settings-table.ts';
import type { JsonObject } from '../../domain/state/state.ts';
import type { SealingScheme } from '../../protocol/sealing.ts';
import type { Ecc224Variant } from '../../protocol/signatures.ts';

/** One request of a probe, as data. What it does not say is as in a good request. */
export interface ProbeRequest {
  readonly operation: OperationId;
  /** It must succeed, else nothing is decided by this run of the probe. */
  readonly control?: true;
  /** Requests with the same name are about the same order, account, binding or card. */
  readonly thing?: string;
  /** Requests with the same name have the same requestId and were built at the same moment. */
  readonly message?: string;
  /** Seconds that its event time is after the probe's begin; default: its place in the probe. */
  readonly eventSecond?: number;
  /** The contract's example that it begins with; default: the first. */
  readonly example?: string;
  /** Fields laid over the sample; undefined removes one. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Writes the same JSON with other white space. */
  readonly layout?: 'spaced';
  /** The body instead of JSON of the fields. */
  readonly rawBody?: string;
  /** Members in front of the others, as text: what fields cannot express, e.g. a name twice. */
  readonly spliced?: string;
  /** Spaces behind the body, until it has so many bytes. */
  readonly bodyBytes?: number;
  /**
   * Encrypts the body; true: as decided until now, else as the scheme says. Absent: where the
   * operation requires it.
   */
  readonly encrypt?: boolean | SealingScheme;
  /** Signs with the merchant's EC key. */
  readonly ecc224?: Ecc224Variant | 'as decided';
  readonly method?: 'GET';
  /** Puts the whole URL on the request line. */
  readonly isAbsolute?: true;
  /** The endDate of a card, counted from the begin of the run. */
  readonly endsInSeconds?: number;
  /** Seconds to wait before it is sent. */
  readonly waitSeconds?: number;
  /** Milliseconds between the platform's time and Request-Time; default 0. */
  readonly requestTimeOffsetMs?: number;
  readonly requestTimeForm?: 'documented' | 'without-colon' | 'malformed';
  /** Changes to what is sent, after signing. */
  readonly head?: Partial<HeadChanges>;
  readonly path?: string;
}

export interface HeadChanges {
  readonly contentType: string;
  readonly keyVersion: string;
  /** How the Signature header is spelt. */
  readonly signature:
    | 'broken'
    | 'raw-base64'
    | 'reordered'
    | 'without-version'
    | 'without-algorithm'
    | 'lower-case'
    | 'with-spaces';
  readonly clientId: string;
  /** Name of a header that is not sent. */
  readonly omitted: string;
  readonly encryptAlgorithm: string;
  readonly extra: Readonly<Record<string, string>>;
}

/** What a probe may look at. `resultMessage` is kept for people and never decides. */
export interface ProbeAnswer {
  readonly httpStatus: number;
  readonly code: string;
  readonly letter: string;
  /** `result`, `resultInfo`, or both. */
  readonly resultNames: readonly string[];
  /** `unchecked`: there is a signature, and no key of the platform to verify it with. */
  readonly signature: 'none' | 'verified' | 'bad' | 'unchecked';
  readonly encrypted: boolean;
  /** Everything beside the result. */
  readonly fields: JsonObject;
  /** Names and values in turn, as sent. */
  readonly rawHeaders: readonly string[];
  readonly message: string;
}

export type Decides =
  | { readonly key: SettingKey }
  /** The setting is a list of names, and the alternatives are `on` and `off`. */
  | { readonly key: 'strict' | 'lenient'; readonly member: string }
  /** The setting of an operation below the client. */
  | { readonly key: 'clients'; readonly operation: OperationId };

/** One question about the answers of a probe. */
export interface ProbeQuestion {
  readonly row: RegisterId;
  /** Which part of a row without a setting, where there are several. */
  readonly about?: string;
  /** The setting that the answer goes to; absent: the row is observed and has no setting. */
  readonly decides?: Decides;
  /** By the setting's value, or by words for a row without one. Exactly one should hold. */
  readonly alternatives: Readonly<Record<string, (answers: readonly ProbeAnswer[]) => boolean>>;
  /** The alternative that is this simulator's default. */
  readonly usual: string;
  /** Why an alternative looks like others, by the alternative that was observed. */
  readonly notDistinguishable?: Readonly<Record<string, string>>;
}

export type Requirement =
  | { readonly needs: 'platform encryption key' | 'EC key' }
  /** A body whose bytes can be counted. */
  | { readonly plain: OperationId }
  | {
      readonly row: RegisterId;
      readonly key: SettingKey;
      /** Absent: any value, as long as one was found. */
      readonly value?: string;
      /** Another value leaves nothing to see: the row is then not distinguishable. */
      readonly isVisibleOnly?: true;
    };

export type Effect = 'none' | 'writes' | 'irreversible';

export interface Probe {
  readonly id: string;
  readonly title: string;
  readonly effect: Effect;
  readonly requires?: readonly Requirement[];
  /** Sent only when `rows` names one of its rows. */
  readonly onRequest?: true;
  /** One after another; the next is sent when the answer of the one before is there. */
  readonly requests: readonly ProbeRequest[];
  readonly questions: readonly ProbeQuestion[];
  /** Sends the candidates one after another until one is accepted, instead of `questions`. */
  readonly search?: ProbeSearch;
  /** Asks what depends on the answers before: see `explore.ts`. */
  readonly exploration?: Exploration;
}

export interface Exploration {
  readonly row: RegisterId;
  readonly kind: 'body limit' | 'status tables';
  /** Names of settings. */
  readonly decides: readonly string[];
}

/** Candidates in order of likelihood. */
export interface ProbeSearch {
  readonly row: RegisterId;
  readonly decides: readonly SettingKey[];
  readonly usual: readonly string[];
  readonly candidates: readonly SearchCandidate[];
  /** `accepted`: the first accepted candidate counts; `refused`: the first that is refused. */
  readonly until: 'accepted' | 'refused';
  /** What is decided when the candidates are exhausted; absent: `other`. */
  readonly otherwise?: readonly string[];
}

export interface SearchCandidate {
  readonly values: readonly string[];
  readonly request: ProbeRequest;
}

export const isSuccessAnswer = (answer: ProbeAnswer | undefined): boolean => answer?.letter === 'S';

/** A readable result with this code and the letter F. */
export const isRefusal = (answer: ProbeAnswer | undefined, ...codes: readonly string[]): boolean =>
  answer !== undefined && answer.letter === 'F' && codes.includes(answer.code);
