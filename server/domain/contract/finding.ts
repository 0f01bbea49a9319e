/** An entry of the fidelity register: the basis of a behaviour. */
export type RegisterId = `${'P' | 'G' | 'I' | 'O' | 'E'}-${string}`;

/** Something odd that was let pass, in one sentence. */
export interface Finding {
  readonly id: string;
  readonly sentence: string;
  readonly register: RegisterId;
}
