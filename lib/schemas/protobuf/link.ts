import { ENUM, MESSAGE, type ProtoField, type ProtoFile, type ProtoMessage } from './proto-file.ts';

/** The full names of types, without the leading dot, and their kinds. */
export type TypeNames = Map<string, typeof MESSAGE | typeof ENUM>;

/** Anything that declares types: a parsed file or a descriptor. */
export interface Declarations {
  package: string;
  messageType: readonly DeclaredMessage[];
  enumType: readonly { name: string }[];
}

interface DeclaredMessage {
  name: string;
  nestedType: readonly DeclaredMessage[];
  enumType: readonly { name: string }[];
}

/** Adds the types that a file declares. */
export function addTypes(file: Declarations, types: TypeNames): void {
  addTypesIn(file.package, file.messageType, file.enumType, types);
}

function addTypesIn(scope: string, messages: readonly DeclaredMessage[], enums: readonly { name: string }[], types: TypeNames): void {
  for (const { name } of enums) types.set(within(scope, name), ENUM);
  for (const message of messages) {
    const name = within(scope, message.name);
    types.set(name, MESSAGE);
    addTypesIn(name, message.nestedType, message.enumType, types);
  }
}

/**
 * Replaces the type names in a file by full names, and sets each field's kind of type.
 *
 * @throws {Error} with the name of an unknown type
 */
export function link(file: ProtoFile, types: TypeNames): void {
  for (const field of file.extension) linkField(field, file.package, types);
  for (const message of file.messageType) linkMessage(message, within(file.package, message.name), types);
}

function linkMessage(message: ProtoMessage, scope: string, types: TypeNames): void {
  for (const field of [...message.field, ...message.extension]) linkField(field, scope, types);
  for (const nested of message.nestedType) linkMessage(nested, within(scope, nested.name), types);
}

function linkField(field: ProtoField, scope: string, types: TypeNames): void {
  if (field.extendee !== undefined) field.extendee = `.${resolve(field.extendee, scope, types)}`;
  if (field.typeName === '') return;
  const name = resolve(field.typeName, scope, types);
  field.typeName = `.${name}`;
  if (field.type === 0) field.type = types.get(name) ?? MESSAGE;
}

/** Resolves a type name in a scope: the innermost enclosing scope that declares it counts. */
function resolve(name: string, scope: string, types: TypeNames): string {
  const absolute = name.startsWith('.');
  const wanted = absolute ? name.slice(1) : name;
  for (let around = absolute ? '' : scope; ; around = around.slice(0, Math.max(0, around.lastIndexOf('.')))) {
    const candidate = within(around, wanted);
    if (types.has(candidate)) return candidate;
    if (around === '') throw new Error(`the type ${JSON.stringify(name)} in ${scope || 'the file'} is not defined, nor imported`);
  }
}

const within = (scope: string, name: string): string => (scope === '' ? name : `${scope}.${name}`);
