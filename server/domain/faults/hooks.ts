import { securityFaults, wireFaults } from './catalogue.ts';
import type { SecurityChoice, WireChoice } from './choice.ts';
import type { FaultHooks } from './fault.ts';
import type { RawResponse } from './plan.ts';
import type { WireMessage } from './wire-message.ts';

/** What goes wrong with one answer: on the wire, in its security, in both, or nothing. */
export interface ChosenFaults {
  readonly fault?: WireChoice;
  readonly security?: SecurityChoice;
}

/** Every hook, ready to be called; without a fault each leaves things as they are. */
export type CompleteHooks = Required<Omit<FaultHooks, 'plan'>> & {
  readonly plan: (message: WireMessage) => RawResponse | undefined;
};

export const hooksFor = ({ fault, security }: ChosenFaults): CompleteHooks => {
  if (security === undefined && fault === undefined) return noFaults;
  const hooks = [
    ...(security === undefined ? [] : [securityFaults[security.id].hooksFor(security.parameters)]),
    ...(fault === undefined ? [] : [wireFaults[fault.id].hooksFor(fault.parameters)]),
  ];
  return {
    plain: (plain) => hooks.reduce((body, hook) => hook.plain?.(body) ?? body, plain),
    receiver: (own) => (hooks.find((hook) => hook.receiver !== undefined)?.receiver ?? same)(own),
    signing: (own, keys) =>
      hooks.reduce((signing, hook) => hook.signing?.(signing, keys) ?? signing, own),
    rewrite: (message) =>
      hooks.reduce((finished, hook) => hook.rewrite?.(finished) ?? finished, message),
    plan: (message) => hooks.find((hook) => hook.plan !== undefined)?.plan?.(message),
  };
};

const same = <T>(value: T): T => value;

/** Nearly every answer's: nothing happens to it. */
const noFaults: CompleteHooks = {
  plain: same,
  receiver: same,
  signing: same,
  rewrite: same,
  plan: () => undefined,
};

/** For the journal: `fault:reset@after-commit`, `security:wrong-key`. */
export const faultTags = ({ fault, security }: ChosenFaults): string[] => [
  ...(fault === undefined ? [] : [`fault:${fault.id}@${fault.phase}`]),
  ...(security === undefined ? [] : [`security:${security.id}`]),
];
