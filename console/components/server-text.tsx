/** The reason of a decision. The simulator writes it in English. */
export const Reason = ({ reason }: { readonly reason: string }) => <span lang="en">{reason}</span>;
