/** Drafts of JSON Schema, by number or year. */
export type Draft = 4 | 6 | 7 | 2019 | 2020;

const drafts: readonly (readonly [RegExp, Draft])[] = [
  [/draft-04/, 4],
  [/draft-06/, 6],
  [/draft-07/, 7],
  [/2019-09/, 2019],
  [/2020-12/, 2020],
];

/**
 * The draft that a schema names in `$schema`.
 *
 * @returns null when it names none, or one that is not known here
 * @throws {Error} when the draft is too old
 */
export function draftOf(schema: Readonly<Record<string, unknown>>): Draft | null {
  const { $schema } = schema;
  if (typeof $schema !== 'string') return null;
  if (/draft-0[0-35]/.test($schema)) throw new Error(`it is of ${JSON.stringify($schema.slice(0, 80))}: drafts from 04 on are supported`);
  return drafts.find(([name]) => name.test($schema))?.[1] ?? null;
}

/** The keywords whose values are or contain schemas, in any draft. */
export const subschemasIn = {
  one: [
    ...['additionalItems', 'additionalProperties', 'contains', 'contentSchema', 'else', 'if', 'items', 'not', 'propertyNames', 'then'],
    ...['unevaluatedItems', 'unevaluatedProperties'],
  ],
  list: ['allOf', 'anyOf', 'items', 'oneOf', 'prefixItems'],
  map: ['$defs', 'definitions', 'dependencies', 'dependentSchemas', 'patternProperties', 'properties'],
} as const;
