const two = (value: number): string => String(value).padStart(2, '0');

/** `14:03:27.015`, in the viewer's zone. */
export const clockTime = (at: number): string => {
  const time = new Date(at);
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, '0')}`;
};

/** `2026-11-20 14:03:27 +08:00`, in the viewer's zone. */
export const fullTime = (at: number): string => {
  const time = new Date(at);
  const offset = -time.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${clockTime(at).slice(0, 8)} ${zone}`;
};

export const duration = (milliseconds: number): string =>
  milliseconds < 1
    ? '<1 ms'
    : milliseconds < 10_000
      ? `${Math.round(milliseconds)} ms`
      : `${(milliseconds / 1000).toFixed(1)} s`;

export const microDuration = (microseconds: number): string =>
  microseconds < 1000 ? `${microseconds} µs` : duration(microseconds / 1000);
