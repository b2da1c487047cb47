import { parseInteger } from '../integer.ts';
import { parseIso8601 } from '../iso-8601.ts';

/**
 * Reads a time in a query: Unix milliseconds, or ISO 8601 as {@link parseIso8601} accepts it. An unescaped plus sign arrives as a
 * space.
 *
 * @returns Unix milliseconds, not negative; undefined when the text is not such a time
 */
export function parseTime(text: string): number | undefined {
  const milliseconds = parseInteger(text) ?? parseIso8601(text.replace(' ', '+'));
  return Number.isSafeInteger(milliseconds) && milliseconds >= 0 ? milliseconds : undefined;
}
