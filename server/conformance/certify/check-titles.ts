import type { CheckId } from './catalogue/case.ts';

/** What each check demands, in one sentence. */
export const checkTitles: Readonly<Record<CheckId, string>> = {
  arrives:
    'The message arrives, with a signature that verifies and a body that the contract allows.',
  repeats: 'The message is sent again after an answer that settles nothing.',
  'repeats-on-resume': 'The message is kept, and sent again when the application resumes.',
  'same-id': 'Every attempt of a message carries the same requestId.',
  'same-body': 'Every attempt of a message carries the same body.',
  'fresh-time': 'A later attempt has its own Request-Time and signature.',
  once: 'The message changes the state once, however often it is sent.',
  recovers: 'A good answer after the bad one is accepted, and nothing more is sent.',
  'no-false-success': 'No success is believed before a signed and readable S was delivered.',
  'no-false-failure': 'No failure is believed before a signed and readable F was delivered.',
  stops: 'Nothing more is sent after a signed F.',
  'code-kept': 'The application keeps the result code that was delivered.',
  alerted: 'A person is notified of a final refusal.',
  pauses: 'There are pauses between attempts, and they do not get shorter.',
  'slows-down': 'The pause is longer when the platform asks for fewer requests.',
  plan: 'The pauses follow the printed plan: 2 s, 2 s, 2 s, 10 min, 30 min.',
  ends: 'The attempts end, however long the outcome stays unknown.',
  'no-loop': 'A refusal that repeating cannot change is not repeated without end.',
  'gives-up-by-itself': 'The client ends an attempt that gets no answer.',
  'whole-deadline': 'The timeout covers the whole response, not only its beginning.',
  'text-unchanged': 'Every character of the message arrives as it was written.',
  'distinct-ids': 'Different messages have different ids, which fit the contract.',
  'credible-time': 'Request-Time is ISO 8601 with a zone, and near the real time.',
  'either-way':
    'The outcome is taken for failed or the same message is sent again; both are right.',
  'new-key': 'Every encrypted message has its own symmetric key.',
  'rising-time': 'A later event of one thing has a later event time.',
  constants: 'What must not change between events of one thing stays the same.',
  'not-overtaken': 'An event does not overtake one whose outcome is unknown.',
  'status-noticed': 'The application notices a status in the response that it did not ask for.',
  'honest-claim': 'What the driver claims agrees with what was sent.',
};
