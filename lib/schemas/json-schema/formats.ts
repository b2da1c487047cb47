import { isIPv4, isIPv6 } from 'node:net';
import { isInteger, type JsonNumber } from './decimal.ts';
import { parsePattern, RefersBack } from './pattern/parse-pattern.ts';

/** The checks of `format` for strings. Each takes time in proportion to the text. */
export const formats: Readonly<Record<string, (text: string) => boolean>> = {
  date: isDate,
  time: (text) => isTime(text, true),
  'date-time': (text) => isDateTime(text, true),
  'iso-time': (text) => isTime(text, false),
  'iso-date-time': (text) => isDateTime(text, false),
  duration: (text) => /^P(?!$)(?:(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?|(?:\d+W)?)$/.test(text),
  uri: (text) => SCHEME.test(text) && isUriReference(text),
  'uri-reference': isUriReference,
  'uri-template': isUriTemplate,
  url: (text) => /^(?:https?|ftp):\/\//i.test(text) && !/\s/.test(text) && URL.canParse(text),
  email: isEmail,
  hostname: isHostname,
  ipv4: isIPv4,
  ipv6: (text) => isIPv6(text) && !text.includes('%'),
  uuid: (text) => /^(?:urn:uuid:)?[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(text),
  regex: isPattern,
  'json-pointer': isPointer,
  'json-pointer-uri-fragment': (text) => text.startsWith('#') && isPointer(text.slice(1)) && !NO_PART_OF_URI.test(text.slice(1)),
  'relative-json-pointer': (text) => {
    const [number, rest] = [/^(?:0|[1-9]\d*)/.exec(text)?.[0] ?? '', text.replace(/^\d*/, '')];
    return number !== '' && number.length + rest.length === text.length && (rest === '#' || isPointer(rest));
  },
  byte: (text) => text.length % 4 === 0 && /^[\w+/]*={0,2}$/.test(text) && !text.includes('_'),
};

/** The checks of `format` for numbers. */
export const numberFormats: Readonly<Record<string, (value: JsonNumber) => boolean>> = {
  int32: (value) => typeof value === 'number' && (value | 0) === value,
  int64: isInteger,
};

const SCHEME = /^[a-z][a-z\d+.-]*:/i;
const NO_PART_OF_URI = /[^\w.~:/?[\]@!$&'()*+,;=%-]|%(?![\da-f]{2})/i;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDate(text: string): boolean {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const y = Number(year);
  const isLeap = y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);
  const days = (DAYS[Number(month) - 1] ?? 0) + (isLeap && month === '02' ? 1 : 0);
  return year !== '' && Number(day) >= 1 && Number(day) <= days;
}

function isTime(text: string, withZone: boolean): boolean {
  const parts = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(z|[+-]\d\d(?::?\d\d)?)?$/i.exec(text);
  if (parts === null) return false;
  const [hour, minute, second] = parts.slice(1, 4).map(Number);
  const zone = parts[4];
  if (zone === undefined && withZone) return false;
  const [zoneHour, zoneMinute] = /^[+-]/.test(zone ?? '') ? [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', ''))] : [0, 0];
  if (zoneHour > 23 || zoneMinute > 59) return false;
  if (hour <= 23 && minute <= 59 && second < 60) return true;
  // A leap second is the last second of a UTC day.
  const sign = zone?.startsWith('-') ? -1 : 1;
  const minutes = (hour * 60 + minute - sign * (zoneHour * 60 + zoneMinute) + 2880) % 1440;
  return hour <= 23 && minute <= 59 && second === 60 && minutes === 1439;
}

function isDateTime(text: string, withZone: boolean): boolean {
  return isDate(text.slice(0, 10)) && /^[t\s]$/i.test(text.slice(10, 11)) && isTime(text.slice(11), withZone);
}

function isUriReference(text: string): boolean {
  const [rest, fragment = '', ...more] = text.split('#', 3);
  if (more.length > 0 || NO_PART_OF_URI.test(rest) || NO_PART_OF_URI.test(fragment) || /[[\]]/.test(fragment)) return false;
  const [, authority, path = ''] = /^(?:[^:/?]*:)?(?:\/\/([^/?]*))?(.*)$/s.exec(rest) ?? [];
  if (/[[\]]/.test(path)) return false;
  // Brackets may enclose only an IPv6 address.
  return authority === undefined || /^(?:[^@[\]]*@)?(?:\[[\da-fv:.]+\]|[^@:[\]]*)(?::\d*)?$/i.test(authority);
}

function isUriTemplate(text: string): boolean {
  if (/[\s"<>\\^`|]/.test(text) || /%(?![\da-f]{2})/i.test(text)) return false;
  const [literal, ...expressions] = text.split('{');
  const isExpression = (piece: string): boolean => {
    const [inside, behind, ...more] = piece.split('}', 3);
    return (
      behind !== undefined &&
      more.length === 0 &&
      /^[+#./;?&=,!@|]?[\w.%]+(?::[1-9]\d{0,3}|\*)?(?:,[\w.%]+(?::[1-9]\d{0,3}|\*)?)*$/.test(inside)
    );
  };
  return !literal.includes('}') && expressions.every(isExpression);
}

/** Every mail server refuses longer ones. */
const LONGEST_EMAIL = 320;

function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  const [local, host] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || text.length > LONGEST_EMAIL || !/^[\w!#$%&'*+/=?^`{|}~.-]+$/.test(local) || /^\.|\.\.|\.$/.test(local)) return false;
  return host.includes('.') && !host.endsWith('.') && isHostname(host);
}

function isHostname(text: string): boolean {
  const labels = text.replace(/\.$/, '');
  return labels.length <= 253 && labels.split('.').every((label) => /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i.test(label));
}

function isPattern(text: string): boolean {
  try {
    parsePattern(text);
    return true;
  } catch (error) {
    return error instanceof RefersBack;
  }
}

function isPointer(text: string): boolean {
  return (text === '' || text.startsWith('/')) && !/~(?![01])/.test(text);
}
