import type { ComponentChildren } from 'preact';
import type { AdminError } from '../api/admin.ts';
import { useWords } from '../words/use-words.ts';

/** Nothing to show, and what to do so that there is something. */
export const Empty = ({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) => (
  <div class="empty">
    <h2>{title}</h2>
    {children}
  </div>
);

export const Loading = () => {
  const t = useWords();
  return (
    <p class="loading" role="status">
      {t.pieces.loading}
    </p>
  );
};

/** What the admin API refused, with its own words and remedies. */
export const Failed = ({ error, onRetry }: { readonly error: AdminError; onRetry?: (() => void) | undefined }) => {
  const t = useWords();
  return (
    <div class="notice bad" role="alert">
      <p class="notice-title">{error.status === 0 ? t.pieces.unreachable : t.pieces.refused}</p>
      {error.problems.length > 0 ? (
        <Problems problems={error.problems} />
      ) : (
        <p lang="en">
          {error.message}
          {error.remedy === undefined ? '' : ` ${error.remedy}`}
        </p>
      )}
      {onRetry !== undefined && (
        <button type="button" class="button small" onClick={onRetry}>
          {t.pieces.tryAgain}
        </button>
      )}
    </div>
  );
};

/** Problems as the command line prints them. */
export const Problems = ({ problems, onGo }: { readonly problems: AdminError['problems']; onGo?: (line: number) => void }) => (
  <ul class="problems" lang="en">
    {problems.map(({ where, line, column, message, remedy }, at) => (
      <li key={at}>
        <p>
          {line !== undefined && onGo !== undefined ? (
            <button type="button" class="link mono" onClick={() => onGo(line)}>
              {`${where}:${line}:${column ?? 1}`}
            </button>
          ) : (
            <span class="mono">{`${where}${line === undefined ? '' : `:${line}:${column ?? 1}`}`}</span>
          )}
          {`: ${message}`}
        </p>
        <p class="quiet">{remedy}</p>
      </li>
    ))}
  </ul>
);
