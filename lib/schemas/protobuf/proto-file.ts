import type { Features } from './features.ts';

// The parts of descriptor.proto that JSON and the wire format need, in the form from which @bufbuild/protobuf makes messages.

/** Numbers of FieldDescriptorProto.Type. */
export const scalarTypes: Readonly<Record<string, number>> = {
  double: 1,
  float: 2,
  int64: 3,
  uint64: 4,
  int32: 5,
  fixed64: 6,
  fixed32: 7,
  bool: 8,
  string: 9,
  bytes: 12,
  uint32: 13,
  sfixed32: 15,
  sfixed64: 16,
  sint32: 17,
  sint64: 18,
};
export const GROUP = 10;
export const MESSAGE = 11;
export const ENUM = 14;

/** Numbers of FieldDescriptorProto.Label. */
export const labels = { optional: 1, required: 2, repeated: 3 } as const;

export interface ProtoFile {
  name: string;
  package: string;
  syntax: 'proto2' | 'proto3' | 'editions';
  edition?: number;
  options?: { features: Features };
  dependency: string[];
  publicDependency: number[];
  messageType: ProtoMessage[];
  enumType: ProtoEnum[];
  extension: ProtoField[];
}

export interface ProtoMessage {
  name: string;
  field: ProtoField[];
  nestedType: ProtoMessage[];
  enumType: ProtoEnum[];
  extension: ProtoField[];
  oneofDecl: { name: string }[];
  extensionRange: { start: number; end: number }[];
  options?: { mapEntry?: boolean; features?: Features };
  /** True for messages that a map or a group implies. */
  isImplied?: boolean;
}

export interface ProtoField {
  name: string;
  number: number;
  label: number;
  /** 0 until it is known whether the type is a message or an enum. */
  type: number;
  typeName: string;
  jsonName: string;
  extendee?: string;
  oneofIndex?: number;
  proto3Optional?: boolean;
  defaultValue?: string;
  options?: { packed?: boolean; features?: Features };
}

export interface ProtoEnum {
  name: string;
  value: { name: string; number: number }[];
  options?: { features: Features };
}
