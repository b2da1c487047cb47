/** The members of a JSON object by their names. */
export type JsonMembers = Readonly<Record<string, unknown>>;

/**
 * The members of the object that a JSON text is; null when it is none. Nobody is told why: the parser's own message would quote the
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
