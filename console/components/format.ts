const padTwo = (value: number): string => String(value).padStart(2, '0');

/** `14:03:27.015`, in the viewer's zone. */
export const formatTime = (at: number): string => {
  const time = new Date(at);
  return `${padTwo(time.getHours())}:${padTwo(time.getMinutes())}:${padTwo(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, '0')}`;
};

/** `2026-11-20 14:03:27 +08:00`, in the viewer's zone. */
export const formatDateTime = (at: number): string => {
  const time = new Date(at);
  const offset = -time.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${padTwo(Math.floor(Math.abs(offset) / 60))}:${padTwo(Math.abs(offset) % 60)}`;
  return `${time.getFullYear()}-${padTwo(time.getMonth() + 1)}-${padTwo(time.getDate())} ${formatTime(at).slice(0, 8)} ${zone}`;
};

export const formatDuration = (milliseconds: number): string =>
  milliseconds < 1
    ? '<1 ms'
    : milliseconds < 10_000
      ? `${Math.round(milliseconds)} ms`
      : `${(milliseconds / 1000).toFixed(1)} s`;

export const formatMicroseconds = (microseconds: number): string =>
  microseconds < 1000 ? `${microseconds} µs` : formatDuration(microseconds / 1000);

/** The values that name a thing, for a person; one that was not given says nothing. */
export const joinIdentity = (values: readonly unknown[]): string =>
  values.filter((value) => value !== null).join(' · ');

/** The same of an identity as the admin API writes it: the JSON text of the values. */
export const formatIdentity = (identity: string): string => {
  try {
    const values: unknown = JSON.parse(identity);
    return Array.isArray(values) ? joinIdentity(values) : identity;
  } catch {
    return identity;
  }
};
