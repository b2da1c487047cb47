import { schemaRegistryConfig } from '../../config/schema-registry.ts';
import {
  boolean,
  either,
  integer,
  oneOf,
  optional,
  type Parameter,
  parseQuery,
  type Query,
  text,
  time,
  withDefault,
} from '../../http/query.ts';
import { integerWithin } from '../../integer.ts';
import type { Slice } from '../../kafka/record.ts';
import { deliveryNeedsGroup, tooManyFilters } from '../../messages/read.ts';
import type { AnyFormatName } from '../../records/formats/schema-formats.ts';
import { type RecordFilter, readFilters } from '../../records/responses/record-filter.ts';
import { withoutSchemaHeader } from '../../records/responses/schema-header.ts';
import { logicalViews } from '../../schemas/codec.ts';
import { topicPattern } from '../../topic-pattern/topic-pattern.ts';
import type { GroupPosition } from './group-position.ts';

/** The same offset in every partition. */
const offset: Parameter<{ offset: number }> = {
  accepts: 'an offset as offset:<number>',
  parse(given) {
    const value = given.startsWith('offset:') ? integerWithin(given.slice('offset:'.length), 0, Number.MAX_SAFE_INTEGER) : null;
    return value === null ? undefined : { offset: value };
  },
};

const timestamp: Parameter<{ timestamp: number }> = {
  accepts: time.accepts,
  parse(given) {
    const value = time.parse(given);
    return value === undefined ? undefined : { timestamp: value };
  },
};

/** Where to begin in every partition. */
export const startPlace = either(oneOf('earliest', 'latest'), either(offset, timestamp));

const format = oneOf<AnyFormatName>('json', 'text', 'binary');

const parameters = {
  cursor: optional(text),
  from: withDefault(startPlace, 'earliest'),
  to: optional(either(offset, timestamp)),
  limit: optional(integer({ min: 1 })),
  max_bytes: withDefault(integer({ min: 1 }), 1024 * 1024),
  timeout: withDefault(integer({ min: 0 }), 1000),
  isolation: withDefault(oneOf('read_committed', 'read_uncommitted'), 'read_committed'),
  format: withDefault(format, 'json'),
  'key-format': optional(format),
  'strip-schema-header': withDefault(boolean, false),
  'topics-pattern': optional(text),
  group: optional(text),
  delivery: optional(oneOf('at-least-once', 'at-most-once', 'auto')),
};

const formatWithSchemas = oneOf<AnyFormatName>('json', 'text', 'binary', 'avro', 'jsonschema', 'protobuf');

/** With a schema registry. */
const parametersWithSchemas = {
  ...parameters,
  format: withDefault(formatWithSchemas, 'json'),
  'key-format': optional(formatWithSchemas),
  logical: optional(oneOf(...logicalViews)),
};

/** The query parameters that the link to the next page keeps. */
const { cursor: _cursor, from: _from, ...others } = parametersWithSchemas;
export const keptParameters: ReadonlySet<string> = new Set([...Object.keys(others), 'filter']);

const MAX_FILTERS = 10;

/** The parameters of a request for a page. */
export type ReadParameters = ReturnType<typeof readParameters>;

/** @throws {GatewayError} BadRequest for an invalid value, or for parameters that exclude each other */
export function readParameters(query: Query) {
  const {
    'topics-pattern': pattern,
    'strip-schema-header': strip,
    'key-format': keyFormat,
    group,
    delivery,
    ...values
  } = schemaRegistryConfig() === null ? { ...parseQuery(query, parameters), logical: undefined } : parseQuery(query, parametersWithSchemas);
  const shown = strip ? withoutSchemaHeader : (value: Slice | null) => value;
  return {
    ...values,
    keyFormat: keyFormat ?? values.format,
    shown,
    matches: pattern === undefined ? null : topicPattern(pattern),
    keep: keepOf(query.get('filter') ?? [], values.to, shown),
    delivery: deliveryOf(group, delivery),
  };
}

function keepOf(
  filters: readonly string[],
  to: { offset: number } | { timestamp: number } | undefined,
  shown: (value: Slice | null) => Slice | null,
): RecordFilter | null {
  if (filters.length > MAX_FILTERS) throw tooManyFilters(MAX_FILTERS);
  const holds = filters.length === 0 ? null : readFilters(filters, shown);
  if (to === undefined || 'offset' in to) return holds;
  // While the log has no record of that time yet, the read is not bounded: records that arrive meanwhile may be later.
  return (record) => record.timestamp < to.timestamp && (holds === null || holds(record));
}

function deliveryOf(group: string | undefined, mode: GroupPosition['mode'] | undefined): GroupPosition {
  if (group !== undefined && mode !== 'at-least-once') return { mode: mode ?? 'auto', group };
  if (group === undefined && (mode === undefined || mode === 'at-least-once')) return { mode: 'at-least-once' };
  throw deliveryNeedsGroup();
}
