/** What a metaschema says of the vocabularies that its schemas are written in: by their addresses, true where one must be known. */
export type Vocabularies = Readonly<Record<string, unknown>>;

const VALIDATION: ReadonlySet<string> = new Set([
  ...['const', 'dependentRequired', 'enum', 'exclusiveMaximum', 'exclusiveMinimum', 'maxItems', 'maxLength', 'maxProperties', 'maximum'],
  ...['minItems', 'minLength', 'minProperties', 'minimum', 'multipleOf', 'pattern', 'required', 'type', 'uniqueItems'],
]);

/**
 * Whether values are judged by a keyword, from draft 2019-09 on. By `format` they are only where the metaschema asks for it: the standard's
 * own say that it is a note, and Java's validators go by them.
 *
 * @param vocabularies of the metaschema; null when it is the standard's own
 */
export function isJudgedBy(keyword: string, vocabularies: Vocabularies | null): boolean {
  if (keyword === 'format') return has(vocabularies, 'format-assertion') || has(vocabularies, 'format', true);
  return vocabularies === null || !VALIDATION.has(keyword) || has(vocabularies, 'validation');
}

const has = (vocabularies: Vocabularies | null, name: string, required: boolean | null = null): boolean =>
  Object.entries(vocabularies ?? {}).some(([address, value]) => address.endsWith(`/vocab/${name}`) && (required ?? value) === value);
