import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { useMessages } from '../i18n/use-messages.ts';

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
