/** The environment variables at the time of packaging. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables as functions read them: without whitespace around them, and without those that have nothing else. */
export const trimmed = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])));
