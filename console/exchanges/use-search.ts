import { useEffect, useState } from 'preact/hooks';
import { searchJournal } from '../api/journal.ts';

export interface Search {
  /** Numbers of the exchanges that the simulator found. */
  readonly numbers: ReadonlySet<number>;
  /** Whether the simulator has not answered yet. */
  readonly isSearching: boolean;
}

interface Searched {
  readonly text: string | undefined;
  readonly upTo: number;
  readonly numbers: ReadonlySet<number>;
}

const nothing: ReadonlySet<number> = new Set();

/** While someone types, and while exchanges keep coming. */
const pauseMs = { typing: 150, following: 500 } as const;

/** Searches bodies, which the page does not have; again for what has come since. */
export const useSearch = (text: string | undefined, newest: number): Search => {
  const [searched, setSearched] = useState<Searched>({
    text: undefined,
    upTo: 0,
    numbers: nothing,
  });
  const isSame = searched.text === text;
  const isBehind = text !== undefined && (!isSame || searched.upTo < newest);
  useEffect(() => {
    if (!isBehind) return;
    const leaving = new AbortController();
    const known = isSame ? searched : { upTo: 0, numbers: nothing };
    const timer = setTimeout(
      () => {
        searchJournal(text, known.upTo, leaving.signal).then(
          ({ numbers, upTo }) =>
            setSearched({
              text,
              upTo,
              numbers:
                numbers.length === 0 ? known.numbers : new Set([...known.numbers, ...numbers]),
            }),
          () => {
            // Without the simulator the rows themselves are searched; the connection shows why.
            if (!leaving.signal.aborted)
              setSearched({ text, upTo: newest, numbers: known.numbers });
          },
        );
      },
      isSame ? pauseMs.following : pauseMs.typing,
    );
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [text, isBehind, searched]);
  return {
    numbers: isSame ? searched.numbers : nothing,
    isSearching: text !== undefined && !isSame,
  };
};
