/** The environment variables at the time of packaging. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The comma-separated values of a variable, as the gateway reads them. */
export const listOf = (text = ''): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
