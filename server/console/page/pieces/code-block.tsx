import { CopyButton } from './copy-button.tsx';

/** Something to copy, as it is. */
export const CodeBlock = ({ code, label }: { readonly code: string; readonly label?: string }) => (
  <div class="code-block">
    <pre tabIndex={0} aria-label={label}>
      {code}
    </pre>
    <CopyButton text={code} />
  </div>
);
