import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useMessages } from '../i18n/use-messages.ts';

/** Text with a copy button. */
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

/** Text that may overflow its box: focusable, so that it scrolls without a mouse. */
export const Scrollable = ({ label, class: className, children }: ScrollableProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so from the keyboard
  <pre class={className ?? ''} tabIndex={0} role="group" aria-label={label}>
    {children}
  </pre>
);

export interface CopyButtonProps {
  /** The text, or a function that loads it. */
  readonly text: string | (() => Promise<string>);
  readonly children?: ComponentChildren;
  readonly class?: string;
}

const thanksMs = 1600;

/** Copies text, and confirms it on the button itself. */
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
 * navigator.clipboard needs a secure context; over plain HTTP on another host than localhost,
 * execCommand still works.
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

/** Downloads a file that the page created. */
export const saveFile = (name: string, type: string, content: string | Blob): void => {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser starts the download asynchronously.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
};
