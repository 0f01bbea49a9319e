import type { ComponentChildren } from 'preact';

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
