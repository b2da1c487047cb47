/** Who is calling, as far as is known. */
export interface Identity {
  /** Null for an anonymous caller. */
  readonly principal: string | null;
  readonly groups: readonly string[];
  readonly scopes: readonly string[];
  /** Of the caller's token; empty without one. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** When the caller's credentials end, in Unix milliseconds; null when they do not. */
  readonly expiresAt: number | null;
}

/** What is known of a caller by name alone. */
export const named = (principal: string | null, groups: readonly string[] = []): Identity => ({
  principal,
  groups,
  scopes: [],
  claims: {},
  expiresAt: null,
});
