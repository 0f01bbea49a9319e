import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Client } from '../../server/admin/types.gen.ts';
import type { AdminError } from '../api/admin.ts';
import { type Messages, ServerText, useMessages } from '../i18n/messages.tsx';

export interface Tab<T extends string> {
  readonly value: T;
  readonly label: ComponentChildren;
}

export interface TabsProps<T extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<T>[];
  readonly chosen: T;
  onChoose(value: T): void;
  readonly children: ComponentChildren;
}

const moves: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at + count - 1) % count,
  Home: () => 0,
  End: (_at, count) => count - 1,
};

/** Tabs after the ARIA Authoring Practices: arrow keys move and select, Tab enters the panel. */
export const Tabs = <T extends string>({
  label,
  tabs,
  chosen,
  onChoose,
  children,
}: TabsProps<T>) => {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ value }) => value === chosen);
    const to = moves[event.key]?.(at, tabs.length);
    const next = to === undefined ? undefined : tabs[to];
    if (next === undefined || to === undefined) return;
    event.preventDefault();
    onChoose(next.value);
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[to]?.focus();
  };
  return (
    <div class="tabs">
      <div role="tablist" aria-label={label} class="tab-list" ref={list} onKeyDown={onKeyDown}>
        {tabs.map(({ value, label: name }) => (
          <button
            key={value}
            type="button"
            role="tab"
            id={`${id}-${value}`}
            aria-selected={value === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={value === chosen ? 0 : -1}
            onClick={() => onChoose(value)}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`} class="tab-panel">
        {children}
      </div>
    </div>
  );
};

export interface ConfirmDialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Label of the confirming button, a verb. */
  readonly action: string;
  readonly cancel?: string;
  onConfirm(): void;
  /** Called after confirming and after cancelling. */
  onClose(): void;
}

/** Asks before an action that cannot be undone. Escape and the first button cancel. */
export const ConfirmDialog = ({
  title,
  children,
  action,
  cancel,
  onConfirm,
  onClose,
}: ConfirmDialogProps) => {
  const t = useMessages();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onClose={onClose}
    >
      <h2 id={`${id}-title`}>{title}</h2>
      <p id={`${id}-text`}>{children}</p>
      <div class="bar">
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          {cancel ?? t.common.cancel}
        </button>
        <button
          type="button"
          class="button danger"
          onClick={() => {
            onConfirm();
            dialog.current?.close();
          }}
        >
          {action}
        </button>
      </div>
    </dialog>
  );
};

export interface ClientSelectProps {
  readonly clients: readonly Client[];
  readonly chosen: string;
  onChoose(clientId: string): void;
  /** Label of the option for all clients; without it that option is not offered. */
  readonly everyone?: string;
  readonly label?: string;
}

export const ClientSelect = ({ clients, chosen, onChoose, everyone, label }: ClientSelectProps) => {
  const t = useMessages();
  return (
    <label class="labelled">
      <span>{label ?? t.columns.client}</span>
      <select
        class="field mono"
        value={chosen}
        onChange={({ currentTarget }) => onChoose(currentTarget.value)}
      >
        {everyone !== undefined && <option value="">{everyone}</option>}
        {clients.map(({ clientId }) => (
          <option key={clientId} value={clientId}>
            {clientId}
          </option>
        ))}
      </select>
    </label>
  );
};

export interface SwitchProps {
  readonly isOn: boolean;
  readonly isDisabled?: boolean;
  readonly children: ComponentChildren;
  onToggle(): void;
}

export const Switch = ({ isOn, isDisabled = false, children, onToggle }: SwitchProps) => (
  <label class="switch">
    <input
      type="checkbox"
      role="switch"
      aria-checked={isOn}
      checked={isOn}
      disabled={isDisabled}
      onChange={onToggle}
    />
    {children}
  </label>
);

/**
 * A menu below a button: it closes after a choice, with Escape, and when the focus leaves it. An
 * item of the class `stays` shows its result in the menu.
 */
export const Menu = ({
  label,
  isSmall = false,
  children,
}: {
  readonly label: string;
  readonly isSmall?: boolean;
  readonly children: ComponentChildren;
}) => {
  const box = useRef<HTMLDetailsElement>(null);
  const close = (): void => {
    if (box.current !== null) box.current.open = false;
  };
  return (
    <details
      ref={box}
      class="menu"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || box.current?.open !== true) return;
        event.stopPropagation();
        close();
        box.current.querySelector('summary')?.focus();
      }}
      onClick={({ target }) => {
        if (!(target instanceof Element) || target.closest('.menu-item:not(.stays)') === null)
          return;
        // The item is hidden then; a dialog that it opens gives the focus back to the button.
        box.current?.querySelector('summary')?.focus();
        close();
      }}
      onFocusOut={({ relatedTarget }) => {
        if (relatedTarget instanceof Node && !box.current?.contains(relatedTarget)) close();
      }}
    >
      <summary class={`button${isSmall ? ' small' : ''}`}>{label}</summary>
      <div class="menu-items">{children}</div>
    </details>
  );
};

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
