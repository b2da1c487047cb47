const ISO_8601 = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/**
 * Reads an ISO 8601 date, or date and time. Without a zone it is UTC; digits beyond the millisecond are cut off.
 *
 * @returns Unix milliseconds; NaN when the text is no such time
 */
export function parseIso8601(text: string): number {
  const match = ISO_8601.exec(text);
  if (match === null) return Number.NaN;

  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((digits) => Number(digits ?? 0));
  const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const isOnTheClock = hour <= 23 && minute <= 59 && second <= 59;
  // Date.UTC takes the years 0 to 99 for those of the twentieth century.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, milliseconds);
  // Date carries February 30 over into March, and month 13 into the next year.
  const isInTheCalendar = date.getUTCFullYear() === year && date.getUTCDate() === day;
  return isOnTheClock && isInTheCalendar ? date.getTime() - zoneOffset(match[8]) : Number.NaN;
}

/** Milliseconds east of UTC. */
function zoneOffset(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', ''));
  if (hours > 23 || minutes > 59) return Number.NaN;
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
