const padTwo = (value: number): string => String(value).padStart(2, '0');

/** `14:03:27.015`, in the local time zone. */
export const formatTime = (at: number): string => {
  const time = new Date(at);
  const seconds = [time.getHours(), time.getMinutes(), time.getSeconds()].map(padTwo).join(':');
  return `${seconds}.${String(time.getMilliseconds()).padStart(3, '0')}`;
};

/** `2026-11-20 14:03:27 +08:00`, in the local time zone. */
export const formatDateTime = (at: number): string => {
  const time = new Date(at);
  const date = [time.getFullYear(), padTwo(time.getMonth() + 1), padTwo(time.getDate())].join('-');
  const offset = -time.getTimezoneOffset();
  const minutes = Math.abs(offset);
  const zone = `${padTwo(Math.floor(minutes / 60))}:${padTwo(minutes % 60)}`;
  return `${date} ${formatTime(at).slice(0, 8)} ${offset < 0 ? '-' : '+'}${zone}`;
};

export const formatDuration = (milliseconds: number): string =>
  milliseconds < 1
    ? '<1 ms'
    : milliseconds < 10_000
      ? `${Math.round(milliseconds)} ms`
      : `${(milliseconds / 1000).toFixed(1)} s`;

export const formatMicroseconds = (microseconds: number): string =>
  microseconds < 1000 ? `${microseconds} µs` : formatDuration(microseconds / 1000);

/** The values of an identity as one text; values that are null are left out. */
export const joinIdentity = (values: readonly unknown[]): string =>
  values.filter((value) => value !== null).join(' · ');

/** Formats an identity as the admin API writes it: a JSON array of values. */
export const formatIdentity = (identity: string): string => {
  try {
    const values: unknown = JSON.parse(identity);
    return Array.isArray(values) ? joinIdentity(values) : identity;
  } catch {
    return identity;
  }
};
