import { parseIso8601 } from '../../time.ts';
import { DigitsLost, EXACT_DIGITS, ExactNumber } from '../exact-numbers.ts';
import { Misfit } from '../misfit.ts';
import type { Logical } from './types.ts';

const DAY_MS = 86_400_000;
const TIME = /^\d\d:\d\d(?::\d\d(?:\.(\d{1,6}))?)?$/;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/** Zeros that an exponent may add: more would be an attack, as no precision is near it. */
const MOST_ZEROS = 1000;

/**
 * The number that a date or time in ISO 8601 stands for in a logical type.
 *
 * @throws {Misfit} when it is none
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
      const micros = seconds * 1e6 + Number(fraction.padEnd(6, '0'));
      return name === 'time-micros' ? micros : Math.floor(micros / 1000);
    }
    default: {
      const ms = exactly(parseIso8601(text), name);
      if (name === 'timestamp-millis') return ms;
      const [, fraction = ''] = /[.,](\d+)/.exec(text) ?? [];
      const below = Number(fraction.slice(3, 9).padEnd(6, '0'));
      return name === 'timestamp-micros' ? ms * 1000 + Math.floor(below / 1000) : BigInt(ms) * 1_000_000n + BigInt(below);
    }
  }
  throw new Misfit(`is no ${name}`);
}

function exactly(value: number, name: string): number {
  if (Number.isNaN(value)) throw new Misfit(`is no ${name}`);
  return value;
}

/** The 16 bytes of a UUID; null when the text is none. */
export const bytesOfUuid = (text: string): Buffer | null => (UUID.test(text) ? Buffer.from(text.replaceAll('-', ''), 'hex') : null);

/**
 * The big-endian two's complement of a number without its point, in as few bytes as hold it, or in so many.
 *
 * @throws {Misfit} when the number has more digits than the type
 * @throws {DigitsLost} when parsing may have cost it digits
 */
export function bytesOfDecimal(
  value: number | ExactNumber,
  { precision, scale }: Logical & { name: 'decimal' },
  size: number | null,
): Buffer {
  const text = value instanceof ExactNumber ? value.text : String(value);
  const [, sign, whole, fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (whole === undefined) throw new Misfit('is no decimal number');
  if (!(value instanceof ExactNumber) && (whole + fraction).length > EXACT_DIGITS) throw new DigitsLost();
  const shift = scale + Number(exponent) - fraction.length;
  if (Math.abs(shift) > MOST_ZEROS) throw new Misfit(`has more than ${precision} digits, or more than ${scale} of them after the point`);
  const divisor = 10n ** BigInt(Math.max(0, -shift));
  const scaled = BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, shift));
  const unscaled = (sign === '-' ? -scaled : scaled) / divisor;
  if (scaled % divisor !== 0n || String(scaled / divisor).length > precision) {
    throw new Misfit(`has more than ${precision} digits, or more than ${scale} of them after the point`);
  }
  return twosComplement(unscaled, size);
}

function twosComplement(value: bigint, size: number | null): Buffer {
  const magnitude = value < 0n ? -value - 1n : value;
  // One bit more for the sign.
  const length = size ?? Math.floor(magnitude.toString(2).length / 8) + 1;
  const hex = BigInt.asUintN(8 * length, value).toString(16);
  return Buffer.from(hex.padStart(2 * length, '0'), 'hex');
}
