/** An exact name, or a prefix followed by `*`. */
export type Pattern = string;

/** Whether the pattern matches a name. */
export const matches = (pattern: Pattern, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

/** Whether a name matches one of the patterns. */
export const matchesOneOf = (patterns: readonly Pattern[], name: string): boolean => patterns.some((pattern) => matches(pattern, name));
