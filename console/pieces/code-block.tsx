import { CopyButton } from './copy-button.tsx';
import { Scrollable } from './scrollable.tsx';

/** Something to copy, as it is. */
export const CodeBlock = ({ code, label }: { readonly code: string; readonly label: string }) => (
  <div class="code-block">
    <Scrollable label={label}>{code}</Scrollable>
    <CopyButton text={code} />
  </div>
);
