/** The time of day where the program runs, `10:56:01`. */
export function clock(t: number): string {
  return new Date(t).toTimeString().slice(0, 8);
}

/** A day and time where the program runs, `2026-11-22 10:56`. */
export function dayAndTime(t: number): string {
  const date = new Date(t);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Milliseconds for people: `0.12s`, `12.3s`, `4m12s`, `1h02m`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.995) return `${seconds.toFixed(2)}s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)}s`;
  return longDuration(seconds);
}

/** Milliseconds that go on, in whole seconds: `4s`, `4m12s`, `1h02m`. */
export function elapsed(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  return seconds < 60 ? `${seconds}s` : longDuration(seconds);
}

function longDuration(exact: number): string {
  const seconds = Math.round(exact);
  const two = (n: number): string => String(n).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h${two(Math.floor((seconds % 3600) / 60))}m`;
}
