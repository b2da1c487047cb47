import type { DescMessage, JsonValue, MessageShape, Registry } from '@bufbuild/protobuf';
import { rawJson } from '../../json/raw-json.ts';
import type { Codec } from '../codec.ts';
import { digitsIn, EXACT_DIGITS, parseExactly } from '../exact-numbers.ts';
import type { NamedSchema } from '../json-schema/codec.ts';
import { Misfit } from '../misfit.ts';
import type { WorkBudget } from '../work-budget.ts';
import { hasNumberInText, withDigits } from './exact-json.ts';
import { fileRegistry, type ProtobufLibrary } from './file-registry.ts';
import { memberTwice } from './member-twice.ts';
import { messagePlaces, readMessageIndexes, writeMessageIndexes } from './message-indexes.ts';
import { misfitIn, type TryMessage } from './misfit-in.ts';
import { spendOnJson, weightOfBytes } from './weigh.ts';

/** The most weight of an encoded message: no request can hold more. */
const MOST_FRAMED = 32 * 1024 * 1024;

/**
 * Translates between Protobuf's JSON mapping and its binary encoding after the message indexes. Decoding also shows proto3 fields with
 * their default.
 *
 * @param references files that it imports, by import path
 * @param messageName the message to write, by its full name or its name in the package; null for the first of the file. Any can be read
 * @throws {Error} saying what is wrong with the schema
 */
export function protobufCodec(
  library: ProtobufLibrary,
  text: string,
  references: readonly NamedSchema[] = [],
  messageName: string | null = null,
): Codec & { name: string } {
  const { source, registry } = fileRegistry(text, references, library);
  const places = messagePlaces(source, '$typeName' in source);
  const others = messagePlaces(source, true);
  const [place, name] = placeOf(places, source.package, messageName);
  const written = messageOf(registry, name);
  const indexes = place.split(',').map(Number);
  const { fromJson, toBinary, fromBinary, toJson } = library;

  const tryMessage: TryMessage = (desc, json) => fromJson(desc, json, { registry });
  const parse = (text: string, budget: WorkBudget): MessageShape<DescMessage> => {
    refuseTwice(text);
    const exact = mayLoseDigits(text) || hasNumberInText(text) ? parseExactly(text) : null;
    const parsed: JsonValue = exact === null ? JSON.parse(text) : null;
    spendOnJson(written, exact ?? parsed, budget, registry);
    const value = exact === null ? parsed : withDigits(written, exact, registry);
    try {
      return fromJson(written, value, { registry });
    } catch (error) {
      throw misfitIn(error, written, value, tryMessage);
    }
  };

  const binary = (message: MessageShape<DescMessage>): Uint8Array => {
    try {
      return toBinary(written, message);
    } catch (error) {
      const [, field] = /^cannot encode field ([\w.]+) to binary: required/.exec(error instanceof Error ? error.message : '') ?? [];
      throw new Misfit(field === undefined ? `is no ${name}` : `must have the field ${field}`);
    }
  };

  return {
    name,
    encode({ bytes, start, end }, out) {
      const message = parse(bytes.toString('utf8', start, end), out.budget);
      writeMessageIndexes(indexes, out);
      out.raw(binary(message));
    },
    frame({ bytes, start, end }, out) {
      const data = bytes.subarray(start, end);
      out.budget.spend(weightOfBytes(written, data, MOST_FRAMED, registry));
      try {
        fromBinary(written, data);
      } catch {
        throw new Misfit(`is no ${name}`);
      }
      writeMessageIndexes(indexes, out);
      out.raw(data);
    },
    decode(payload, out, budget) {
      const { indexes: read, message } = readMessageIndexes(payload);
      const desc = registry.getMessage(places.get(read.join()) ?? others.get(read.join()) ?? '');
      if (desc === undefined) throw new Misfit(`is message ${read.join('.')} of its schema, which has none of that number`);
      const bytes = message.bytes.subarray(message.start, message.end);
      const weight = weightOfBytes(desc, bytes, budget.forOne, registry);
      // Making the message takes several times as long as writing its JSON.
      budget.spend(Math.min(weight, budget.forOne));
      if (weight > budget.forOne) throw budget.exceeded();
      try {
        const decoded = fromBinary(desc, bytes);
        const json = toJson(desc, decoded, { registry, alwaysEmitImplicit: true });
        out.copy(Buffer.from(bytes.includes(END_OF_MINUS_ZERO) ? JSON.stringify(json, keepMinusZero) : JSON.stringify(json)));
      } catch {
        // The library's message may quote the record.
        throw new Misfit(`is no ${desc.typeName}`);
      }
    },
  };
}

/** Protobuf's JSON mapping does not say which of two equal members counts. */
function refuseTwice(json: string): void {
  const path = memberTwice(json);
  if (path === null) return;
  const misfit = new Misfit('is there twice');
  misfit.path = path;
  throw misfit;
}

function placeOf(places: ReadonlyMap<string, string>, scope: string, messageName: string | null): [string, string] {
  const all = [...places];
  const chosen = messageName === null ? all[0] : all.find(([, name]) => name === messageName || name === `${scope}.${messageName}`);
  if (chosen !== undefined) return chosen;
  throw new Error(messageName === null ? 'it has no message' : `it has no message ${JSON.stringify(messageName)}`);
}

function messageOf(registry: Registry, name: string): DescMessage {
  const message = registry.getMessage(name);
  if (message === undefined) throw new Error(`it has no message ${JSON.stringify(name)}`);
  return message;
}

/** The last bytes of a float or double -0, which JSON.stringify writes as 0. */
const END_OF_MINUS_ZERO = Buffer.from([0, 0, 0, 0x80]);

const keepMinusZero = (_name: string, value: unknown): unknown => (Object.is(value, -0) ? rawJson('-0') : value);

/** Whether some number has more digits than JavaScript keeps. */
const mayLoseDigits = (json: string): boolean =>
  /\d[eE]\+?\d/.test(json) || (/\d{8}/.test(json) && (json.match(/[\d.]+/g) ?? []).some((text) => digitsIn(text) > EXACT_DIGITS));
