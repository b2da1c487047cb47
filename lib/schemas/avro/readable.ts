import { Misfit } from '../misfit.ts';
import type { TimeName } from './types.ts';

const DAY_MS = 86_400_000;
const DAY_MICROS = 86_400_000_000;
/** The years 0000 to 9999: ISO 8601 allows others only by agreement. */
const FIRST_MS = new Date('0000-01-01T00:00:00Z').getTime();
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
/** The time to make digits from bytes grows with the square of their number. */
const MOST_DECIMAL_BYTES = 400;
/** The most digits after the point: a schema can ask for any number of them, all zeros. */
const MOST_SCALE = 2000;

/** Digits of a second's fraction in each unit. */
const digits: Readonly<Record<string, number>> = { millis: 3, micros: 6, nanos: 9 };

/** A date or time in ISO 8601; null when ISO 8601 cannot express it. */
export function textOfTime(value: number | bigint, name: TimeName): string | null {
  if (name === 'date') return dateText(Number(value) * DAY_MS)?.slice(0, 10) ?? null;
  if (name === 'time-millis' || name === 'time-micros') return timeOfDay(Number(value), name === 'time-millis' ? 1000 : 1);
  const places = digits[name.slice(name.lastIndexOf('-') + 1)];
  const unit = 10n ** BigInt(places - 3);
  const whole = BigInt(value);
  const ms = (whole - modulo(whole, unit)) / unit;
  const text = dateText(Number(ms));
  if (text === null) return null;
  const below = places === 3 ? '' : String(modulo(whole, unit)).padStart(places - 3, '0');
  return `${text.slice(0, -1)}${below}${name.startsWith('local-') ? '' : 'Z'}`;
}

const modulo = (value: bigint, by: bigint): bigint => ((value % by) + by) % by;

const dateText = (ms: number): string | null => (ms >= FIRST_MS && ms <= LAST_MS ? new Date(ms).toISOString() : null);

function timeOfDay(value: number, factor: number): string | null {
  const micros = value * factor;
  if (micros < 0 || micros >= DAY_MICROS) return null;
  const text = new Date(Math.floor(micros / 1000)).toISOString().slice(11, 23);
  return factor === 1 ? `${text}${String(micros % 1000).padStart(3, '0')}` : text;
}

/**
 * A decimal as digits; as many after the point as its type has.
 *
 * @throws {Misfit} when it has more bytes, or digits after the point, than anybody uses
 */
export function textOfDecimal(bytes: Buffer, scale: number): string {
  if (bytes.length > MOST_DECIMAL_BYTES) throw new Misfit(`holds a decimal of more than ${MOST_DECIMAL_BYTES} bytes`);
  if (scale > MOST_SCALE) throw new Misfit(`holds a decimal of more than ${MOST_SCALE} digits after the point`);
  const unscaled = BigInt.asIntN(8 * bytes.length, BigInt(`0x${bytes.toString('hex') || '0'}`));
  const magnitude = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const point = magnitude.length - scale;
  return `${unscaled < 0n ? '-' : ''}${magnitude.slice(0, point)}${scale === 0 ? '' : `.${magnitude.slice(point)}`}`;
}

/** A UUID from its 16 bytes. */
export const textOfUuid = (bytes: Buffer): string => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

/** An ISO 8601 duration from its months, days and milliseconds. */
export function textOfDuration(bytes: Buffer): string {
  const [months, days, ms] = [0, 4, 8].map((at) => bytes.readUInt32LE(at));
  const fraction = ms % 1000 === 0 ? '' : `.${String(ms % 1000).padStart(3, '0')}`;
  const parts = `${months === 0 ? '' : `${months}M`}${days === 0 ? '' : `${days}D`}`;
  const time = ms === 0 ? '' : `T${Math.floor(ms / 1000)}${fraction}S`;
  return parts === '' && time === '' ? 'PT0S' : `P${parts}${time}`;
}
