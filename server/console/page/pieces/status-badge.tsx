import { useWords } from '../words/use-words.ts';

/** S success, F failed for good, U unknown. */
export type ResultStatus = 'S' | 'F' | 'U';

/** The code with its status: by shape and letter as well as by colour. */
export const StatusBadge = ({ code, status }: { readonly code: string; readonly status: ResultStatus }) => {
  const t = useWords();
  return (
    <span class={`badge status-${status}`} title={t.statusMeaning[status]}>
      <span class="badge-letter" role="img" aria-label={t.statusName[status]}>
        {status}
      </span>
      <span class="badge-code">{code}</span>
    </span>
  );
};
