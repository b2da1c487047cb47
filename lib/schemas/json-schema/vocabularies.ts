/** The `$vocabulary` of a metaschema: URIs of vocabularies; true for one that a validator must know. */
export type Vocabularies = Readonly<Record<string, unknown>>;

const VALIDATION: ReadonlySet<string> = new Set([
  ...['const', 'dependentRequired', 'enum', 'exclusiveMaximum', 'exclusiveMinimum', 'maxItems', 'maxLength', 'maxProperties', 'maximum'],
  ...['minItems', 'minLength', 'minProperties', 'minimum', 'multipleOf', 'pattern', 'required', 'type', 'uniqueItems'],
]);

/**
 * Whether a keyword is asserted, from draft 2019-09 on. `format` is asserted only if the metaschema demands it: in the standard's own
 * metaschemas it is an annotation, and Java's validators follow them.
 *
 * @param vocabularies of the metaschema; null for the standard's own
 */
export function isJudgedBy(keyword: string, vocabularies: Vocabularies | null): boolean {
  if (keyword === 'format') return has(vocabularies, 'format-assertion') || has(vocabularies, 'format', true);
  return vocabularies === null || !VALIDATION.has(keyword) || has(vocabularies, 'validation');
}

const has = (vocabularies: Vocabularies | null, name: string, required: boolean | null = null): boolean =>
  Object.entries(vocabularies ?? {}).some(([address, value]) => address.endsWith(`/vocab/${name}`) && (required ?? value) === value);
