import { editions, featuresIn } from './features.ts';
import { GROUP, labels, MESSAGE, type ProtoEnum, type ProtoField, type ProtoFile, type ProtoMessage, scalarTypes } from './proto-file.ts';
import { type Options, ProtoReader } from './proto-reader.ts';

/** How deep messages may be nested. */
const MAX_DEPTH = 32;

/**
 * Parses a .proto file in proto2, proto3 or an edition, as far as JSON and the wire format need it: skips services and custom options.
 * Leaves type names unresolved.
 *
 * The gateway has its own parser because those on npm lose what determines a record's message indexes, or belong to a second
 * implementation of Protobuf.
 *
 * @throws {Error} with the line
 */
export function parseProto(source: string, name: string): ProtoFile {
  const file: ProtoFile = {
    ...{ name, package: '', syntax: 'proto2', dependency: [], publicDependency: [] },
    ...{ messageType: [], enumType: [], extension: [] },
  };
  new Parser(source, file).parse();
  return file;
}

/** What a message, a group or an `extend`, in a file or a message, may add to. */
type Scope = Pick<ProtoMessage, 'nestedType' | 'extension'>;

class Parser {
  readonly #in: ProtoReader;
  readonly #file: ProtoFile;
  /** The file's options. */
  readonly #options: Options = {};

  constructor(source: string, file: ProtoFile) {
    this.#in = new ProtoReader(source);
    this.#file = file;
  }

  parse(): void {
    if (this.#in.skip('syntax')) this.#syntax();
    else if (this.#in.skip('edition')) this.#edition();
    while (this.#in.peek().kind !== 'end') this.#declaration();
    const features = featuresIn(this.#options);
    if (features !== null) this.#file.options = { features };
  }

  #syntax(): void {
    this.#in.expect('=');
    const syntax = this.#in.string();
    if (syntax !== 'proto2' && syntax !== 'proto3') throw new Error(`the syntax ${JSON.stringify(syntax)} is neither proto2 nor proto3`);
    this.#file.syntax = syntax;
    this.#in.expect(';');
  }

  #edition(): void {
    this.#in.expect('=');
    const edition = this.#in.string();
    if (!Object.hasOwn(editions, edition)) {
      throw new Error(`the edition ${JSON.stringify(edition)} is none of ${Object.keys(editions).join(', ')}`);
    }
    this.#file.syntax = 'editions';
    this.#file.edition = editions[edition];
    this.#in.expect(';');
  }

  /** Skips the visibility of a declaration: a record can use all types. */
  #skipVisibility(): void {
    const { kind } = this.#in.peek(2);
    const declares = ['message', 'enum'].includes(this.#in.peek(1).text);
    if (declares && kind === 'name' && !this.#in.skip('export')) this.#in.skip('local');
  }

  #declaration(): void {
    const reader = this.#in;
    const file = this.#file;
    if (reader.skip(';')) return;
    this.#skipVisibility();
    if (reader.skip('package')) {
      file.package = reader.fullName();
      reader.expect(';');
    } else if (reader.skip('import')) this.#import();
    else if (reader.skip('option')) this.#option(this.#options);
    else if (reader.skip('message')) file.messageType.push(this.#message(reader.name(), 0));
    else if (reader.skip('enum')) file.enumType.push(this.#enum());
    else if (reader.skip('extend')) this.#extend({ nestedType: file.messageType, extension: file.extension }, 0);
    else if (reader.skip('service')) {
      reader.name();
      reader.expect('{');
      reader.skipBlock();
    } else reader.fail('a declaration');
  }

  #import(): void {
    const isOfOptions = this.#in.skip('option');
    const isPublic = this.#in.skip('public');
    this.#in.skip('weak');
    if (isOfOptions) {
      this.#in.string();
      this.#in.expect(';');
      return;
    }
    if (isPublic) this.#file.publicDependency.push(this.#file.dependency.length);
    this.#file.dependency.push(this.#in.string());
    this.#in.expect(';');
  }

  #option(options: Options): void {
    this.#in.option(options);
    this.#in.expect(';');
  }

  #message(name: string, depth: number): ProtoMessage {
    if (depth > MAX_DEPTH) this.#in.fail(`messages nested no deeper than ${MAX_DEPTH} levels`);
    const message: ProtoMessage = {
      ...{ name, field: [], nestedType: [], enumType: [], extension: [], oneofDecl: [], extensionRange: [] },
    };
    const options: Options = {};
    this.#in.expect('{');
    while (!this.#in.skip('}')) this.#member(message, options, depth);
    // In texts that were generated from a descriptor.
    const mapEntry = options.map_entry === 'true';
    const features = featuresIn(options);
    if (mapEntry || features !== null) message.options = { ...(mapEntry && { mapEntry }), ...(features !== null && { features }) };
    // Synthetic oneofs come after the others, as a descriptor demands.
    for (const field of message.field) {
      if (field.proto3Optional) field.oneofIndex = message.oneofDecl.push({ name: `_${field.name}` }) - 1;
    }
    return message;
  }

  #member(message: ProtoMessage, options: Options, depth: number): void {
    const reader = this.#in;
    this.#skipVisibility();
    // A type may be called like a keyword: the next token tells them apart.
    const isWord = reader.peek(1).kind !== 'symbol';
    if (reader.skip(';')) return;
    if (isWord && reader.skip('message')) message.nestedType.push(this.#message(reader.name(), depth + 1));
    else if (isWord && reader.skip('enum')) message.enumType.push(this.#enum());
    else if (isWord && reader.skip('oneof')) this.#oneof(message, depth);
    else if (reader.peek(1).text === '<' && reader.skip('map')) this.#map(message);
    else if (reader.skip('option')) this.#option(options);
    else if (reader.skip('reserved')) this.#reserved();
    else if (reader.skip('extensions')) message.extensionRange.push(...reader.ranges());
    else if (reader.skip('extend')) this.#extend(message, depth);
    else message.field.push(this.#field(message, depth));
  }

  #reserved(): void {
    // Ignored: numbers, ranges and names, which editions write without quotes.
    if (this.#in.peek().kind !== 'name') {
      this.#in.ranges();
      return;
    }
    if (this.#file.syntax !== 'editions') this.#in.fail('numbers or strings');
    do this.#in.name();
    while (this.#in.skip(','));
    this.#in.expect(';');
  }

  #extend(scope: Scope, depth: number): void {
    const extendee = this.#in.fullName();
    this.#in.expect('{');
    while (!this.#in.skip('}')) {
      if (!this.#in.skip(';')) scope.extension.push({ ...this.#field(scope, depth), extendee });
    }
  }

  #oneof(message: ProtoMessage, depth: number): void {
    const oneofIndex = message.oneofDecl.push({ name: this.#in.name() }) - 1;
    this.#in.expect('{');
    while (!this.#in.skip('}')) {
      if (this.#in.skip('option')) this.#option({});
      else if (!this.#in.skip(';')) message.field.push({ ...this.#field(message, depth), oneofIndex });
    }
  }

  #field(scope: Scope, depth: number): ProtoField {
    const reader = this.#in;
    const isRule = reader.peek(1).kind === 'name' || reader.peek(1).text === '.';
    const rule = isRule ? (['repeated', 'optional', 'required'] as const).find((word) => reader.skip(word)) : undefined;
    const label = labels[rule ?? 'optional'];
    if (reader.peek(1).kind === 'name' && reader.skip('group')) return this.#group(scope, label, depth);
    const type = reader.fullName();
    const field = fieldOf(type, reader.name(), label);
    reader.expect('=');
    field.number = reader.integer();
    addOptions(field, reader.options());
    reader.expect(';');
    if (rule === 'optional' && this.#file.syntax === 'proto3') field.proto3Optional = true;
    return field;
  }

  #group(scope: Scope, label: number, depth: number): ProtoField {
    const name = this.#in.name();
    const field: ProtoField = { ...fieldOf(name, name.toLowerCase(), label), type: GROUP };
    this.#in.expect('=');
    field.number = this.#in.integer();
    addOptions(field, this.#in.options());
    scope.nestedType.push({ ...this.#message(name, depth + 1), isImplied: true });
    return field;
  }

  #map(message: ProtoMessage): void {
    const reader = this.#in;
    reader.expect('<');
    const key = fieldOf(reader.name(), 'key', labels.optional, 1);
    reader.expect(',');
    const value = fieldOf(reader.fullName(), 'value', labels.optional, 2);
    reader.expect('>');
    const field = fieldOf('', reader.name(), labels.repeated);
    reader.expect('=');
    field.number = reader.integer();
    const entry = `${field.jsonName.charAt(0).toUpperCase()}${field.jsonName.slice(1)}Entry`;
    addOptions(field, reader.options());
    reader.expect(';');
    message.field.push({ ...field, type: MESSAGE, typeName: entry });
    message.nestedType.push({
      ...{ name: entry, isImplied: true, field: [key, value], options: { mapEntry: true } },
      ...{ nestedType: [], enumType: [], extension: [], oneofDecl: [], extensionRange: [] },
    });
  }

  #enum(): ProtoEnum {
    const reader = this.#in;
    const read: ProtoEnum = { name: reader.name(), value: [] };
    const options: Options = {};
    reader.expect('{');
    while (!reader.skip('}')) {
      if (reader.skip(';')) continue;
      if (reader.peek(1).text !== '=' && reader.skip('option')) this.#option(options);
      else if (reader.peek(1).text !== '=' && reader.skip('reserved')) this.#reserved();
      else {
        const name = reader.name();
        reader.expect('=');
        read.value.push({ name, number: reader.integer() });
        reader.options();
        reader.expect(';');
      }
    }
    const features = featuresIn(options);
    if (features !== null) read.options = { features };
    return read;
  }
}

function fieldOf(type: string, name: string, label: number, number = 0): ProtoField {
  const scalar = Object.hasOwn(scalarTypes, type) ? scalarTypes[type] : 0;
  return { name, number, label, type: scalar, typeName: scalar === 0 ? type : '', jsonName: jsonNameOf(name) };
}

function addOptions(field: ProtoField, options: Options): void {
  if (options.json_name !== undefined) field.jsonName = options.json_name;
  if (options.default !== undefined) field.defaultValue = field.type === scalarTypes.bytes ? escaped(options.default) : options.default;
  if (options.packed !== undefined) field.options = { packed: options.packed === 'true' };
  const features = featuresIn(options);
  if (features !== null) field.options = { ...field.options, features };
}

/** Bytes in the text form of a descriptor's default. */
const escaped = (bytes: string): string =>
  bytes.replace(/["'\\]/g, '\\$&').replace(/[^ -~]/g, (byte) => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`);

/** As protoc generates it: removes underscores, and capitalizes the letter after each. */
export const jsonNameOf = (name: string): string => name.replace(/_+(.?)/g, (_, letter: string) => letter.toUpperCase());
