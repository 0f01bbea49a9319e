/**
 * How well a fact is founded: stated for AlipayHK, stated for a sister product with the same
 * protocol, seen in the code of an integrator whose calls reached AlipayHK, or concluded by us.
 */
export const bases = ['documented', 'sibling', 'field', 'inferred'] as const;
export type Basis = (typeof bases)[number];

/** An entry of the fidelity register: the basis of a behaviour. */
export type RegisterId = `${'P' | 'G' | 'I' | 'O' | 'E' | 'OB'}-${string}`;
