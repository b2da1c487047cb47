let second = -1;
/** The current second as ISO 8601, up to the decimal point: `2026-03-01T12:00:00.` */
let start = '';

/** The time as ISO 8601 in UTC with milliseconds, as `Date` writes it. The part that changes once a second is cached. */
export function timestamp(now: number = Date.now()): string {
  const seconds = Math.floor(now / 1000);
  if (seconds !== second) {
    start = new Date(seconds * 1000).toISOString().slice(0, -4);
    second = seconds;
  }
  const ms = Math.floor(now) - seconds * 1000;
  return `${start}${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}Z`;
}
