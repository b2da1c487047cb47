/** The members of a JSON object by name. */
export type JsonMembers = Readonly<Record<string, unknown>>;

/**
 * The members of a JSON text that is an object; null for any other text. The reason stays hidden: the parser's message would quote the
 * text, which may be a secret or a token.
 */
export function jsonMembers(text: string): JsonMembers | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : null;
  } catch {
    return null;
  }
}

/** Whether a parsed value is a JSON object: neither null nor an array. */
export const isObject = (value: unknown): value is JsonMembers => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The members of a value if it is an object; else none. */
export const membersOf = (value: unknown): JsonMembers => (isObject(value) ? value : NONE);

const NONE: JsonMembers = {};
