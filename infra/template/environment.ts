/** The environment variables at the time of packaging. */
export type Environment = Readonly<Record<string, string | undefined>>;
