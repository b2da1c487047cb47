import { parseIso8601 } from '../../iso-8601.ts';
import { decimalOf, exponentOf, withZeros } from '../../json/decimal.ts';
import { DigitsLost, EXACT_DIGITS, ExactNumber } from '../exact-numbers.ts';
import { Misfit } from '../misfit.ts';
import type { Logical } from './types.ts';

const DAY_MS = 86_400_000;
const TIME = /^\d\d:\d\d(?::\d\d(?:\.(\d{1,9}))?)?$/;
const ZONE = /T.*(?:Z|[+-]\d\d(?::?\d\d)?)$/i;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const DURATION =
  /^P(?=.)(?:(\d{1,9})Y)?(?:(\d{1,10})M)?(?:(\d{1,9})W)?(?:(\d{1,10})D)?(?:T(?=.)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.(\d{1,3}))?S)?)?$/;
const MOST_UINT32 = 2 ** 32 - 1;
/** The most digits of a decimal: more would be an attack, because no precision comes near. */
const MOST_DIGITS = 2000;

/**
 * The number by which a logical type represents an ISO 8601 date or time. A local time has no zone.
 *
 * @throws {Misfit} when the text is not a date or time of this type
 */
export function numberOfTime(text: string, { name }: Logical): number | bigint {
  switch (name) {
    case 'date':
      if (/^\d{4}-\d\d-\d\d$/.test(text)) return exactly(parseIso8601(text) / DAY_MS, name);
      break;
    case 'time-millis':
    case 'time-micros': {
      const [matched, fraction = ''] = TIME.exec(text) ?? [];
      if (matched === undefined) break;
      const seconds = exactly(parseIso8601(`1970-01-01T${text.replace(/\..*/, '')}Z`), name) / 1000;
      requireRoom(fraction, name);
      const micros = seconds * 1e6 + Number(fraction.slice(0, 6).padEnd(6, '0'));
      return name === 'time-micros' ? micros : Math.floor(micros / 1000);
    }
    default: {
      if (name.startsWith('local-') && ZONE.test(text)) throw new Misfit(`is no ${name}, which has no zone`);
      const ms = exactly(parseIso8601(text), name);
      const [, fraction = ''] = /[.,](\d+)/.exec(text) ?? [];
      requireRoom(fraction, name);
      if (name.endsWith('-millis')) return ms;
      const below = Number(fraction.slice(3, 9).padEnd(6, '0'));
      if (!name.endsWith('-micros')) return BigInt(ms) * 1_000_000n + BigInt(below);
      const belowMs = Math.floor(below / 1000);
      const micros = ms * 1000 + belowMs;
      return Number.isSafeInteger(micros) ? micros : BigInt(ms) * 1000n + BigInt(belowMs);
    }
  }
  throw new Misfit(`is no ${name}`);
}

/** Refuses fractions of a second that the type cannot hold. */
function requireRoom(fraction: string, name: string): void {
  const digits = name.endsWith('-millis') ? 3 : name.endsWith('-micros') ? 6 : 9;
  if (/[1-9]/.test(fraction.slice(digits))) throw new Misfit(`has more than ${digits} digits of a second, which ${name} does not hold`);
}

function exactly(value: number, name: string): number {
  if (Number.isNaN(value)) throw new Misfit(`is no ${name}`);
  return value;
}

/** The 16 bytes of a UUID; null when the text is not a UUID. */
export const bytesOfUuid = (text: string): Buffer | null => (UUID.test(text) ? Buffer.from(text.replaceAll('-', ''), 'hex') : null);

/**
 * The 12 bytes of an ISO 8601 duration such as `P1M2DT3.5S`: its months, days and milliseconds. A year has twelve months, a week seven
 * days. Null when the text is not a duration.
 *
 * @throws {Misfit} when one of the three needs more than 32 bits
 */
export function bytesOfDuration(text: string): Buffer | null {
  const parts = DURATION.exec(text);
  if (parts === null) return null;
  const [years, months, weeks, days, hours, minutes, seconds] = parts.slice(1, 8).map((digits) => Number(digits ?? 0));
  const milliseconds = Number((parts[8] ?? '').padEnd(3, '0'));
  const bytes = Buffer.alloc(12);
  for (const [i, value] of [
    years * 12 + months,
    weeks * 7 + days,
    (hours * 3600 + minutes * 60 + seconds) * 1000 + milliseconds,
  ].entries()) {
    if (value > MOST_UINT32) throw new Misfit('is a duration of more months, days or milliseconds than have 32 bits');
    bytes.writeUInt32LE(value, 4 * i);
  }
  return bytes;
}

/**
 * The unscaled number in big-endian two's complement, in `size` bytes, or in as few as possible.
 *
 * @param value a number, or its digits as text
 * @throws {Misfit} when it is not a number, or has more digits than the type
 * @throws {DigitsLost} when parsing may have lost digits
 */
export function bytesOfDecimal(
  value: number | ExactNumber | string,
  { precision, scale }: Logical & { name: 'decimal' },
  size: number | null,
): Buffer {
  const decimal = decimalOf(value instanceof ExactNumber ? value.text : String(value));
  if (decimal === null) throw new Misfit('must be a decimal: a number, or its digits as text');
  const { digits } = decimal;
  if (typeof value === 'number' && digits.length > EXACT_DIGITS) throw new DigitsLost();
  const zeros = scale + exponentOf(decimal);
  if (zeros < 0 || digits.length + zeros > Math.min(precision, MOST_DIGITS)) {
    throw new Misfit(`has more than ${precision} digits, or more than ${scale} of them after the point`);
  }
  return twosComplement(withZeros(decimal, zeros), size);
}

function twosComplement(value: bigint, size: number | null): Buffer {
  const magnitude = value < 0n ? -value - 1n : value;
  // One more bit for the sign.
  const length = size ?? Math.floor(magnitude.toString(2).length / 8) + 1;
  const hex = BigInt.asUintN(8 * length, value).toString(16);
  return Buffer.from(hex.padStart(2 * length, '0'), 'hex');
}
