/** Who is calling. */
export interface Identity {
  /** Null for an anonymous caller. */
  readonly principal: string | null;
  readonly groups: readonly string[];
  readonly scopes: readonly string[];
  /** Claims of the caller's token; empty without one. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** When the caller's credentials expire, in Unix milliseconds; null if never. */
  readonly expiresAt: number | null;
}

/** The identity of a caller known only by name and groups. */
export const named = (principal: string | null, groups: readonly string[] = []): Identity => ({
  principal,
  groups,
  scopes: [],
  claims: {},
  expiresAt: null,
});
