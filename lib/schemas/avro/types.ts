import type { ByteSink } from '../byte-sink.ts';

/** Types without parts. */
export const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;
export type PrimitiveName = (typeof primitives)[number];

/** A parsed Avro schema. */
export type AvroType = Primitive | AvroRecord | AvroEnum | AvroFixed | AvroArray | AvroMap | AvroUnion;

export interface Primitive {
  kind: PrimitiveName;
  logical: Logical | null;
}

export interface AvroRecord {
  kind: 'record';
  /** Includes the namespace. */
  name: string;
  fields: AvroField[];
}

export interface AvroField {
  name: string;
  type: AvroType;
  /** As in the schema; undefined if absent. */
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

/** Logical types that JSON can express in another form than that of their underlying type. */
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

/** True for logical types of dates and times. */
export const isTime = (logical: Logical): logical is { name: TimeName } => /^date$|^time-|timestamp-/.test(logical.name);

/** The name of a union's branch in Avro's JSON. */
export const branchName = (type: AvroType): string => ('name' in type ? type.name : type.kind);

/**
 * Writes a parsed JSON value as Avro's binary encoding.
 *
 * @throws {Misfit} when it does not fit; part of it may have been written
 * @throws {DigitsLost} when parsing may have lost digits of a number
 */
export type Write = (value: unknown, out: ByteSink) => void;
