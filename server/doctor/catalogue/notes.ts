/** Odd, but harmless here: never a cause. */
export const notes = {
  NOTE_LOWER_CASE_ESCAPES: 'The value uses lower-case percent escapes (%2b); they are read like %2B.',
  NOTE_BLANK_AFTER_COMMA: 'The header has blanks after its commas; they are ignored.',
  NOTE_HEADER_LIST: 'The header list holds something that is no key=value pair, or a key twice.',
  NOTE_ALGORITHM_CASE: 'The algorithm is not written in capitals; letter case is ignored.',
  NOTE_ALGORITHM_RSA: 'The Encrypt header says algorithm=RSA; it is read as RSA_AES.',
  NOTE_KEY_VERSION_ABSENT: 'The header names no keyVersion; the newest key is meant.',
  NOTE_TIME_OFFSET_WITHOUT_COLON: 'The offset of the time has no colon (+0800); the documented form is +08:00.',
  NOTE_TIME_UTC: 'The time ends in Z; the documented form has a numeric offset such as +08:00.',
  NOTE_TIME_FRACTION: 'The time carries fractions of a second; the documented form stops at seconds.',
  NOTE_TIME_EPOCH: 'The time is in milliseconds since 1970; the documented form is ISO-8601 with an offset.',
  NOTE_TIME_UNREADABLE: 'The time is in no known form. It is signed as text, so the signature does not depend on it.',
  NOTE_METHOD: 'The message was not sent with POST; the signed content starts with POST in any case.',
  NOTE_ECC_READING:
    'The ECC224 signature is good in another reading than this receiver is set to. No public source tells hash and form, so compare the setting with what your real counterpart accepts.',
  NOTE_KEY_CLOSE: 'This length is also what a smaller key would give; check the size of your key too.',
  NOTE_BODY_WRAPPED: 'The base64 text of the body has line breaks; they are tolerated, and the signature covers them.',
} as const;

export type NoteId = keyof typeof notes;
