/**
 * Values that AlipayHK's pages print as samples. They are placeholders: the signature was made over
 * an unknown content, and the symmetricKey is shorter than any wrapped key.
 */
const signature = [
  'KEhXthj4bJ801Hqw8kaLvEKc0Rii8KsNUazw7kZgjxyGSPuOZ48058UVJUkkR21iD9JkHBGR',
  'rWiHPae8ZRPuBagh2H3qu7fxY5GxVDWayJUhUYkr9m%2FOW4UQVmXaQ9yn%2Fw2dCtzwAW0htPHYrKMyrT',
  'pMk%2BfDDmRflA%2FAMJhQ71yeyhufIA2PCJV8%2FCMOa46303A0WHhH0YPJ9%2FI0UeLVMWlJ1XcBo3Jr',
  'bRFvcowQwt0lP1XkoPmSLGpBevDE8%2FQ9WnxjPNDfrHnKgV2fp0hpMKVXNM%2BrLHNyMv3MkHg9iTMOD%',
  '2FFYDAwSd%2B6%2FEOFo9UbdlKcmodJwjKlQoxZZIzmF8w%3D%3D',
].join('');

const symmetricKey = 'bqS8HSmdaRrpKSuPy7CqUlyd8lJurG93';

/** White space comes from the line breaks of the pages; some tools decode the escapes. */
const bare = (value: string): string =>
  value
    .replace(/\s+|\\[rn]/g, '')
    .replace(/%(2B|2F|3D)/gi, (sequence) => decodeURIComponent(sequence))
    .replaceAll(' ', '+');

const bareSignature = bare(signature);

/**
 * Whether a Signature header's value is the documents' sample, with or without the line breaks of
 * the pages.
 */
export const isSampleSignature = (value: string): boolean =>
  value.startsWith(signature.slice(0, 24)) && bare(value) === bareSignature;

/** Whether an Encrypt header's symmetricKey is the documents' sample. */
export const isSampleSymmetricKey = (value: string): boolean =>
  value.length < 100 && bare(value) === symmetricKey;
