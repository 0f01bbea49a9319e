import type { ComponentChildren } from 'preact';
import type { AdminError } from '../api/admin-client.ts';
import type { Messages } from '../i18n/messages.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ServerText } from './server-text.tsx';

/** Shown when there are no entries, with what creates some. */
export const Empty = ({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}) => (
  <div class="empty">
    <h2>{title}</h2>
    {children}
  </div>
);

export const Loading = () => {
  const t = useMessages();
  return (
    <p class="loading" role="status">
      {t.common.loading}
    </p>
  );
};

/** An error of the admin API, with its message and remedy. */
export const ErrorNotice = ({
  error,
  onRetry,
}: {
  readonly error: AdminError;
  onRetry?: (() => void) | undefined;
}) => {
  const t = useMessages();
  return (
    <div class="notice bad" role="alert">
      <p class="notice-title">{describeErrorKind(error, t)}</p>
      {error.problems.length > 0 ? (
        <Problems problems={error.problems} />
      ) : (
        // The browser's own message for a lost connection is vague, and in the browser's language.
        error.status !== 0 && (
          <p>
            <ServerText text={error.message} />{' '}
            {error.remedy !== undefined && <ServerText text={error.remedy} />}
          </p>
        )
      )}
      {onRetry !== undefined && (
        <button type="button" class="button small" onClick={onRetry}>
          {t.common.tryAgain}
        </button>
      )}
    </div>
  );
};

const describeErrorKind = ({ status }: AdminError, { common }: Messages): string =>
  status === 0 ? common.unreachable : status < 0 ? common.pageFailed : common.refused;

/** Errors or warnings in the format of the command line. */
export const Problems = ({
  problems,
  onGo,
}: {
  readonly problems: AdminError['problems'];
  onGo?: (line: number) => void;
}) => (
  <ul class="problems">
    {problems.map(({ where, line, column, message, remedy }, at) => {
      const location = line === undefined ? where : `${where}:${line}:${column ?? 1}`;
      return (
        <li key={at}>
          <p>
            {line !== undefined && onGo !== undefined ? (
              <button type="button" class="link mono" onClick={() => onGo(line)}>
                {location}
              </button>
            ) : (
              <span class="mono">{location}</span>
            )}
            {': '}
            <ServerText text={message} />
          </p>
          <p class="quiet">
            <ServerText text={remedy} />
          </p>
        </li>
      );
    })}
  </ul>
);
