import { useEffect, useRef } from 'preact/hooks';
import { useWords } from '../words/use-words.ts';

export const ShortcutsDialog = ({ onClose }: { onClose(): void }) => {
  const t = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="keys-title" onClose={onClose}>
      <header>
        <h2 id="keys-title">{t.shell.keys}</h2>
        <button type="button" class="button small" onClick={() => dialog.current?.close()}>
          {t.pieces.close}
        </button>
      </header>
      <dl class="keys-list">
        {t.shortcuts.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
};
