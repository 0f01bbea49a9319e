import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useMessages } from '../i18n/use-messages.ts';

/** Something to copy, as it is. */
export const CodeBlock = ({ code, label }: { readonly code: string; readonly label: string }) => (
  <div class="code-block">
    <Scrollable label={label}>{code}</Scrollable>
    <CopyButton text={code} />
  </div>
);

export interface ScrollableProps {
  readonly label: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/**
 * Text that may be longer than its box: reachable by Tab, so that it can be scrolled without a
 * mouse.
 */
export const Scrollable = ({ label, class: className, children }: ScrollableProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so from the keyboard
  <pre class={className ?? ''} tabIndex={0} role="group" aria-label={label}>
    {children}
  </pre>
);

export interface CopyButtonProps {
  /** The text, or what gets it. */
  readonly text: string | (() => Promise<string>);
  readonly children?: ComponentChildren;
  readonly class?: string;
}

const thanksMs = 1600;

/** Copies, and says so where the person is looking. */
export const CopyButton = ({
  text,
  children,
  class: className = 'button small',
}: CopyButtonProps) => {
  const t = useMessages();
  const [outcome, show] = useState<'copied' | 'failed' | undefined>();
  useEffect(() => {
    if (outcome === undefined) return;
    const timer = setTimeout(() => show(undefined), thanksMs);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async (): Promise<void> => {
    try {
      await copyText(typeof text === 'string' ? text : await text());
      show('copied');
    } catch {
      show('failed');
    }
  };
  return (
    <button type="button" class={className} onClick={() => void copy()} aria-live="polite">
      {outcome === undefined
        ? (children ?? t.common.copy)
        : outcome === 'copied'
          ? t.common.copied
          : t.common.copyFailed}
    </button>
  );
};

/**
 * The clipboard needs a secure context; over plain http by another name than localhost the old way
 * still works.
 */
const copyText = async (text: string): Promise<void> => {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const isDone = document.execCommand('copy');
  area.remove();
  if (!isDone) throw new Error('the browser did not copy');
};
