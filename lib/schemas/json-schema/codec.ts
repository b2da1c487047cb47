import { compactJson } from '../../json/compact-json.ts';
import { isJson } from '../../json/is-json.ts';
import type { ByteSink } from '../byte-sink.ts';
import type { Codec } from '../codec.ts';
import { isPlainObject, Misfit } from '../misfit.ts';
import { compileSchema } from './compile-schema.ts';
import { parseJson } from './parse-json.ts';
import { SchemaIndex } from './schema-index.ts';

/** A schema that another one refers to by name. */
export interface NamedSchema {
  name: string;
  schema: string;
}

/**
 * Checks JSON against a schema when it is written (drafts 04, 06, 07, 2019-09, 2020-12; 07 if the schema names none). Stores the JSON as
 * sent, without insignificant whitespace.
 *
 * The gateway has its own validator because those on npm generate code from a schema or run its regular expressions without limits, and
 * because they have JavaScript's numbers, while Java's validators keep all digits.
 *
 * @throws {Error} saying what is wrong with the schema
 */
export function jsonSchemaCodec(text: string, references: readonly NamedSchema[] = []): Codec & { name: string | null } {
  const schema = parseJson(text);
  const index = new SchemaIndex();
  const root = index.add(schema, null, null);
  for (const { name, schema: referred } of references) index.add(parseJson(referred), name, root);
  const judge = compileSchema(index, root);
  const check = (json: string, { budget }: ByteSink): void => {
    const fault = judge(parseJson(json), budget);
    if (fault === null) return;
    const misfit = new Misfit(fault.message);
    misfit.path = fault.path;
    throw misfit;
  };
  return {
    name: isPlainObject(schema) && typeof schema.title === 'string' ? schema.title : null,
    encode({ bytes, start, end }, out) {
      check(bytes.toString('utf8', start, end), out);
      out.raw(bytes.subarray(start, compactJson(bytes, start, end)));
    },
    frame({ bytes, start, end }, out) {
      if (!isJson(bytes, start, end)) throw new Misfit('is not JSON');
      check(bytes.toString('utf8', start, end), out);
      out.raw(bytes.subarray(start, end));
    },
    decode({ bytes, start, end }, out) {
      if (!isJson(bytes, start, end)) throw new Misfit('is not JSON');
      out.copy(bytes, start, end);
    },
  };
}
