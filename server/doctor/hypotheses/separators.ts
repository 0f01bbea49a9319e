import { fixedChanges, type HeadHypothesis } from './hypothesis.ts';

const separators = ['', ' ', '\n', ',', ':', '&', '|', '-', '_', '\\n', '. ', ' . '] as const;
const describeSeparator = (joint: string): string =>
  joint === '' ? 'nothing' : JSON.stringify(joint);

/** What joins the parts of the content. */
export const separatorHypotheses: readonly HeadHypothesis[] = [
  fixedChanges('NEWLINE_CRLF', true, [{ lineFeed: '\r\n' }]),
  fixedChanges('NEWLINE_LITERAL', true, [{ lineFeed: '\\n' }]),
  fixedChanges(
    'NEWLINE_LITERAL',
    false,
    [{ lineFeed: '\\r\\n' }, '\\r\\n'],
    [{ lineFeed: '\\\\n' }, 'two backslashes'],
  ),
  fixedChanges('NEWLINE_MISSING', true, [{ lineFeed: '' }]),
  fixedChanges(
    'SEPARATOR_WRONG',
    true,
    [{ dot: '', lastDot: '' }, 'no dots'],
    [{ dot: '\n', lastDot: '\n' }, 'line feeds instead of the dots'],
    [{ lineFeed: ' ' }, 'a space instead of the line feed'],
    [{ lineFeed: '\n\n' }, 'two line feeds'],
    [{ gap: '' }, 'no space after the method'],
  ),
  fixedChanges(
    'SEPARATOR_WRONG',
    false,
    ...separators.map(
      (joint) =>
        [
          { dot: joint, lastDot: joint },
          `${describeSeparator(joint)} instead of each dot`,
        ] as const,
    ),
  ),
  fixedChanges(
    'SEPARATOR_WRONG',
    false,
    ...separators.map(
      (joint) => [{ dot: joint }, `${describeSeparator(joint)} instead of the first dot`] as const,
    ),
  ),
  fixedChanges(
    'SEPARATOR_WRONG',
    false,
    ...separators.map(
      (joint) =>
        [{ lastDot: joint }, `${describeSeparator(joint)} instead of the second dot`] as const,
    ),
  ),
  fixedChanges(
    'SEPARATOR_WRONG',
    false,
    [{ lastDot: '\n' }, 'a line feed before the body'],
    [{ lastDot: '' }, 'nothing before the body'],
    [{ dot: '\n' }, 'a line feed between client id and time'],
    [{ gap: '  ' }, 'two spaces after the method'],
    [{ gap: '\n' }, 'a line feed after the method'],
    [{ gap: '\t' }, 'a tab after the method'],
    [{ gap: ':' }, 'a colon after the method'],
    [{ gap: '.' }, 'a dot after the method'],
    [{ gap: '&' }, '"&" after the method'],
    [{ gap: '', lineFeed: '' }, 'neither space nor line feed'],
    [{ gap: '', lineFeed: '', dot: '', lastDot: '' }, 'no separators at all'],
    [{ gap: '\n', dot: '\n', lastDot: '\n' }, 'line feeds everywhere'],
    [{ gap: '.', lineFeed: '.' }, 'dots everywhere'],
    [{ lineFeed: '\r' }, 'CR alone after the first line'],
    [{ lineFeed: ' \n' }, 'a space before the line feed'],
    [{ lineFeed: '\n ' }, 'a space after the line feed'],
    [{ lineFeed: '.' }, 'a dot instead of the line feed'],
    [{ lineFeed: ',' }, 'a comma instead of the line feed'],
    [{ lineFeed: '/n' }, '"/n" instead of the line feed'],
    [{ lineFeed: '\r\n', dot: '\r\n', lastDot: '\r\n' }, 'CR LF instead of line feed and dots'],
    [{ lastDot: '.\n' }, 'a line feed after the second dot'],
    [{ lineFeed: '<br>' }, '"<br>" instead of the line feed'],
  ),
  {
    mistake: 'SEPARATOR_WRONG',
    frequent: false,
    changes: ({ clientId, time }) => [
      {
        parts: { clientId: time, time: clientId },
        detail: 'client id and time in the wrong order',
      },
      {
        parts: { clientId: `${clientId}.${time}`, dot: '', time: '', lastDot: '\n' },
        detail: 'the body on a line of its own',
      },
    ],
  },
];
