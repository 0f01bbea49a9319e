import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useMessages } from '../i18n/messages.tsx';
import { formatAmount } from './format.ts';

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

/** Deeper values, and longer lists, are folded at first. */
const openDepth = 4;
const openLength = 40;

/** JSON in colours; objects and lists fold. Amounts are also shown in their currency. */
export const JsonTree = ({ value, label }: { readonly value: unknown; readonly label: string }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so from the keyboard
  <pre class="body json-tree" tabIndex={0} role="group" aria-label={label}>
    <JsonValue value={value} depth={0} />
  </pre>
);

interface JsonValueProps {
  readonly value: unknown;
  readonly depth: number;
  /** `HKD 128.00`, of an amount. */
  readonly amount?: string | undefined;
}

const JsonValue = ({ value, depth, amount }: JsonValueProps) => {
  if (Array.isArray(value))
    return <JsonBranch entries={value.map((one) => ['', one])} brackets="[]" depth={depth} />;
  if (typeof value === 'object' && value !== null)
    return <JsonBranch entries={Object.entries(value)} brackets="{}" depth={depth} />;
  const kind = value === null ? 'null' : typeof value;
  return (
    <>
      <span class={`json-${kind}`}>{JSON.stringify(value)}</span>
      {amount !== undefined && <span class="json-note"> {amount}</span>}
    </>
  );
};

interface JsonBranchProps {
  readonly entries: readonly (readonly [string, unknown])[];
  readonly brackets: '[]' | '{}';
  readonly depth: number;
}

const JsonBranch = ({ entries, brackets, depth }: JsonBranchProps) => {
  const t = useMessages();
  const [isOpen, setOpen] = useState(depth < openDepth && entries.length <= openLength);
  const [first, last] = brackets;
  const fold = (content: ComponentChildren) => (
    <button
      type="button"
      class="json-fold"
      aria-expanded={isOpen}
      aria-label={isOpen ? t.common.fold : t.common.unfold(entries.length)}
      onClick={() => setOpen(!isOpen)}
    >
      {content}
    </button>
  );
  if (entries.length === 0) return <>{brackets}</>;
  if (!isOpen) return fold(`${first} … ${entries.length} ${last}`);
  const indent = '  '.repeat(depth + 1);
  return (
    <>
      {fold(first)}
      {entries.map(([name, value], at) => (
        <span key={at}>
          {`\n${indent}`}
          {name !== '' && (
            <>
              <span class="json-key">{JSON.stringify(name)}</span>:{' '}
            </>
          )}
          <JsonValue value={value} depth={depth + 1} amount={readAmount(name, value, entries)} />
          {at < entries.length - 1 && ','}
        </span>
      ))}
      {`\n${'  '.repeat(depth)}`}
      {last}
    </>
  );
};

/** An amount in the currency that is next to it: `{value, currency}`, `amount` and `currencyCode`. */
const readAmount = (
  name: string,
  value: unknown,
  entries: JsonBranchProps['entries'],
): string | undefined => {
  const currency = entries.find(([other]) => /^currency(Code)?$/.test(other))?.[1];
  return currency !== undefined && (name === 'value' || /amount$/i.test(name))
    ? formatAmount(value, currency)
    : undefined;
};
