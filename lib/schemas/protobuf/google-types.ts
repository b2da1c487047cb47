import type { NamedSchema } from '../json-schema/codec.ts';

const units = ['UNSPECIFIED', 'DAY', 'WEEK', 'FORTNIGHT', 'MONTH', 'QUARTER', 'HALF', 'YEAR'];
const days = ['UNSPECIFIED', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];
const months = [
  ...[
    'UNSPECIFIED',
    'JANUARY',
    'FEBRUARY',
    'MARCH',
    'APRIL',
    'MAY',
    'JUNE',
    'JULY',
    'AUGUST',
    'SEPTEMBER',
    'OCTOBER',
    'NOVEMBER',
    'DECEMBER',
  ],
];

/** Values of an enum; the first has the prefix that Google's enums have there. */
const values = (prefix: string, names: readonly string[]): string =>
  names.map((name, i) => `${i === 0 ? prefix : ''}${name} = ${i};`).join(' ');

/** Fields of one type, numbered from one. */
const fields = (type: string, ...names: string[]): string => names.map((name, i) => `${type} ${name} = ${i + 1};`).join(' ');

/** `google/type/*.proto`: registries know them without registration. */
const declarations: Readonly<Record<string, string>> = {
  calendar_period: `enum CalendarPeriod { ${values('CALENDAR_PERIOD_', units)} }`,
  color: `import "google/protobuf/wrappers.proto"; message Color { ${fields('float', 'red', 'green', 'blue')} google.protobuf.FloatValue alpha = 4; }`,
  date: `message Date { ${fields('int32', 'year', 'month', 'day')} }`,
  datetime: `import "google/protobuf/duration.proto";
    message DateTime { ${fields('int32', 'year', 'month', 'day', 'hours', 'minutes', 'seconds', 'nanos')}
      oneof time_offset { google.protobuf.Duration utc_offset = 8; TimeZone time_zone = 9; } }
    message TimeZone { ${fields('string', 'id', 'version')} }`,
  dayofweek: `enum DayOfWeek { ${values('DAY_OF_WEEK_', days)} }`,
  decimal: `message Decimal { ${fields('string', 'value')} }`,
  expr: `message Expr { ${fields('string', 'expression', 'title', 'description', 'location')} }`,
  fraction: `message Fraction { ${fields('int64', 'numerator', 'denominator')} }`,
  interval: `import "google/protobuf/timestamp.proto"; message Interval { ${fields('google.protobuf.Timestamp', 'start_time', 'end_time')} }`,
  latlng: `message LatLng { ${fields('double', 'latitude', 'longitude')} }`,
  localized_text: `message LocalizedText { ${fields('string', 'text', 'language_code')} }`,
  money: 'message Money { string currency_code = 1; int64 units = 2; int32 nanos = 3; }',
  month: `enum Month { ${values('MONTH_', months)} }`,
  phone_number: `message PhoneNumber { message ShortCode { ${fields('string', 'region_code', 'number')} }
      oneof kind { string e164_number = 1; ShortCode short_code = 2; } string extension = 3; }`,
  postal_address: `message PostalAddress { int32 revision = 1; string region_code = 2; string language_code = 3; string postal_code = 4;
      string sorting_code = 5; string administrative_area = 6; string locality = 7; string sublocality = 8;
      repeated string address_lines = 9; repeated string recipients = 10; string organization = 11; }`,
  quaternion: `message Quaternion { ${fields('double', 'x', 'y', 'z', 'w')} }`,
  timeofday: `message TimeOfDay { ${fields('int32', 'hours', 'minutes', 'seconds', 'nanos')} }`,
};

/** The texts of these files, by import path. */
export const googleTypes: readonly NamedSchema[] = Object.entries(declarations).map(([name, text]) => ({
  name: `google/type/${name}.proto`,
  schema: `syntax = "proto3"; package google.type; ${text}`,
}));
