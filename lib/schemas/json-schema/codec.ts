import type { Ajv, AnySchema, Options, SchemaObject, ValidateFunction } from 'ajv';
import { compactJson } from '../../json/compact-json.ts';
import { isJson } from '../../json/is-json.ts';
import type { Codec } from '../codec.ts';
import { isPlainObject, Misfit, memberStep } from '../misfit.ts';

/** A schema that another one refers to by name. */
export interface NamedSchema {
  name: string;
  schema: string;
}

/** What checks it; loaded when it is first needed. */
export type JsonSchemaLibrary = typeof import('./ajv.optional.ts');
type Checker = Pick<Ajv, 'addSchema' | 'compile' | 'getSchema'>;

const options: Options = { strict: false, logger: false, allowUnionTypes: true };

/**
 * Checks JSON against a schema (drafts 04, 06, 07, 2019-09, 2020-12; 07 where it does not say) on the way in. What is stored is the JSON
 * as it was sent, minus insignificant whitespace.
 *
 * @throws {Error} saying what is wrong with the schema
 */
export function jsonSchemaCodec(
  library: JsonSchemaLibrary,
  text: string,
  references: readonly NamedSchema[] = [],
): Codec & { name: string | null } {
  const schema: unknown = JSON.parse(text);
  if (typeof schema !== 'boolean' && !isPlainObject(schema)) throw new Error('a JSON Schema must be an object or a boolean');
  const validate = compile(schema, references, checkerFor(schema, library));
  return {
    name: isPlainObject(schema) && typeof schema.title === 'string' ? schema.title : null,
    encode({ bytes, start, end }, out) {
      if (!validate(JSON.parse(bytes.toString('utf8', start, end)))) throw misfitOf(validate);
      out.raw(bytes.subarray(start, compactJson(bytes, start, end)));
    },
    decode({ bytes, start, end }, out) {
      if (!isJson(bytes, start, end)) throw new Misfit('is not JSON');
      out.copy(bytes, start, end);
    },
  };
}

function checkerFor(schema: unknown, { Ajv, Ajv2019, Ajv2020, draft4, formats }: JsonSchemaLibrary): Checker {
  const draft = isPlainObject(schema) && typeof schema.$schema === 'string' ? schema.$schema : '';
  const Class = /draft-04/.test(draft) ? draft4.default : /2019-09/.test(draft) ? Ajv2019 : /2020-12/.test(draft) ? Ajv2020 : Ajv;
  const checker = new Class(options);
  formats.default(checker);
  return checker;
}

function compile(schema: AnySchema, references: readonly NamedSchema[], checker: Checker): ValidateFunction {
  const { $id, id } = isPlainObject(schema) ? schema : {};
  const base = [$id, id].find((one) => typeof one === 'string');
  for (const reference of references) {
    const referred: AnySchema = JSON.parse(reference.schema);
    // A reference is resolved against the address of the schema that has it.
    const address = base === undefined ? null : URL.parse(reference.name, base);
    for (const name of new Set([reference.name, address?.href ?? reference.name])) {
      if (checker.getSchema(name) === undefined) checker.addSchema(referred, name);
    }
  }
  return checker.compile(isPlainObject(schema) ? withoutDraft6(schema) : schema);
}

/** What is in draft 06 means the same in 07, whose description ajv has at hand. */
function withoutDraft6(schema: Readonly<Record<string, unknown>>): SchemaObject {
  const { $schema, ...rest } = schema;
  return typeof $schema !== 'string' || /draft-06/.test($schema) ? rest : { $schema, ...rest };
}

function misfitOf({ errors }: ValidateFunction): Misfit {
  const [error] = errors ?? [];
  const unknown: unknown = error?.params.additionalProperty ?? error?.params.unevaluatedProperty;
  const misfit = new Misfit(
    typeof unknown === 'string' ? 'is unknown: the schema has no such property' : `${error?.message ?? 'does not fit its schema'}`,
  );
  misfit.path = pathOf(error?.instancePath ?? '') + (typeof unknown === 'string' ? memberStep(unknown) : '');
  return misfit;
}

/** A JSON pointer as a path of ours. */
const pathOf = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? `[${step}]` : memberStep(step)))
    .join('');
