import type { ByteSink } from '../byte-sink.ts';

/** Types without parts. */
export const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;
export type PrimitiveName = (typeof primitives)[number];

/** What an Avro schema says of a value, parsed. */
export type AvroType = Primitive | AvroRecord | AvroEnum | AvroFixed | AvroArray | AvroMap | AvroUnion;

export interface Primitive {
  kind: PrimitiveName;
  logical: Logical | null;
}

export interface AvroRecord {
  kind: 'record';
  /** With its namespace. */
  name: string;
  fields: AvroField[];
}

export interface AvroField {
  name: string;
  type: AvroType;
  /** As the schema has it; undefined where it has none. */
  default: unknown;
}

export interface AvroEnum {
  kind: 'enum';
  name: string;
  symbols: string[];
}

export interface AvroFixed {
  kind: 'fixed';
  name: string;
  /** In bytes. */
  size: number;
  logical: Logical | null;
}

export interface AvroArray {
  kind: 'array';
  items: AvroType;
}

export interface AvroMap {
  kind: 'map';
  values: AvroType;
}

export interface AvroUnion {
  kind: 'union';
  branches: AvroType[];
}

/** Logical types that JSON can say in another way, too, than as what lies below them. */
export type Logical = { name: 'decimal'; precision: number; scale: number } | { name: TimeName | 'uuid' | 'duration' };

/** Logical types of dates and times. */
export type TimeName =
  | 'date'
  | 'time-millis'
  | 'time-micros'
  | 'timestamp-millis'
  | 'timestamp-micros'
  | 'timestamp-nanos'
  | 'local-timestamp-millis'
  | 'local-timestamp-micros'
  | 'local-timestamp-nanos';

/** True for one of dates and times. */
export const isTime = (logical: Logical): logical is { name: TimeName } => /^date$|^time-|timestamp-/.test(logical.name);

/** What a branch of a union is called in Avro's JSON. */
export const branchName = (type: AvroType): string => ('name' in type ? type.name : type.kind);

/**
 * Writes a parsed JSON value as Avro's binary encoding.
 *
 * @throws {Misfit} when it does not fit; part of it may have been written
 * @throws {DigitsLost} when a number may have lost digits in parsing
 */
export type Write = (value: unknown, out: ByteSink) => void;
