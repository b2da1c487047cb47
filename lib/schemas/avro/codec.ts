import { JsonWriter } from '../../json/json-writer.ts';
import type { Codec, LogicalView } from '../codec.ts';
import { DigitsLost, parseExactly } from '../exact-numbers.ts';
import { TextBudget } from '../text-budget.ts';
import { writeBareBytes } from './bytes.ts';
import { AvroInput } from './input.ts';
import { type NamedTypes, parseAvroSchema } from './parse-schema.ts';
import { AvroReaders, type Read, readBareBytes } from './read.ts';
import { type AvroType, branchName, type Write } from './types.ts';
import { AvroWriters } from './write.ts';

/**
 * Translates between JSON and Avro's binary encoding; reader and writer use the same schema.
 *
 * The gateway has its own codec because libraries go through JavaScript values: integers beyond 2^53 would lose digits, and a fetch would
 * make an object of every record only to turn it into text again.
 *
 * @param text of the schema
 * @param references texts of the schemas that it refers to; each comes after those that it refers to itself
 * @throws {Error} saying what is wrong with the schema
 */
export function avroCodec(text: string, references: readonly string[] = []): Codec & { name: string } {
  const names: NamedTypes = new Map();
  for (const reference of references) parseAvroSchema(reference, names);
  const type = parseAvroSchema(text, names);
  return { name: branchName(type), ...codecOf(type) };
}

function codecOf(type: AvroType): Codec {
  // Compiled on demand: most instances only write or only read.
  let writing: Write | undefined;
  const reading = new Map<LogicalView, Read>();
  return {
    encode({ bytes, start, end }, out) {
      writing ??= type.kind === 'bytes' ? writeBareBytes(type) : new AvroWriters().of(type);
      const json = bytes.toString('utf8', start, end);
      const begun = out.begun;
      try {
        writing(JSON.parse(json), out);
      } catch (error) {
        if (!(error instanceof DigitsLost)) throw error;
        out.begun = begun;
        writing(parseExactly(json), out);
      }
    },
    frame(payload, out) {
      const text = new JsonWriter(Buffer.alloc(64));
      this.decode(payload, text, new TextBudget(), 'avro');
      out.budget.spend(text.at);
      out.raw(payload.bytes.subarray(payload.start, payload.end));
    },
    decode(payload, out, budget, view = 'digits') {
      const read = reading.get(view) ?? (type.kind === 'bytes' ? readBareBytes(type, view) : new AvroReaders(view).of(type));
      reading.set(view, read);
      const input = new AvroInput(payload, out, budget);
      read(input, out);
      input.finish();
    },
  };
}
