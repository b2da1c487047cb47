/** The modes that give a caller a name. With `passthrough`, Kafka's users are `basic` and its tokens are `jwt`. */
export const namingModes = ['iam', 'jwt', 'basic', 'api-key', 'mtls'] as const;

/** One of {@link namingModes}. */
export type NamingMode = (typeof namingModes)[number];

/** The words of GATEWAY_AUTH: how callers authenticate. */
export const authModes = [...namingModes, 'passthrough', 'none'] as const;

/** One of {@link authModes}. */
export type AuthMode = (typeof authModes)[number];

/** The mode that a text names, as a member; `{}` if it names none. */
export function modeNamed(text: unknown): { mode?: NamingMode } {
  const mode = namingModes.find((one) => one === text);
  return mode === undefined ? {} : { mode };
}

/** The modes of the Lambda authorizer; these may be combined. */
const AUTHORIZER_MODES: readonly AuthMode[] = ['jwt', 'basic', 'api-key', 'mtls'];

/**
 * Reads GATEWAY_AUTH: one mode, or several of the Lambda authorizer's separated by commas.
 *
 * @throws {Error} that says what is allowed
 */
export function parseModes(text: string): AuthMode[] {
  const words = text.split(',').map((word) => word.trim().toLowerCase());
  const modes = authModes.filter((mode) => words.includes(mode));
  if (words.some((word) => !modes.some((mode) => mode === word))) {
    throw new Error(`GATEWAY_AUTH must be ${authModes.join(', ')}, or several of ${AUTHORIZER_MODES.join(', ')}, separated by commas`);
  }
  const alone = modes.find((mode) => !AUTHORIZER_MODES.includes(mode));
  if (alone !== undefined && modes.length > 1) {
    throw new Error(`GATEWAY_AUTH: ${alone} excludes every other mode: only ${AUTHORIZER_MODES.join(', ')} may stand together`);
  }
  return modes;
}

/** Whether these modes need the Lambda authorizer. */
export const needAuthorizer = (modes: readonly AuthMode[]): boolean => modes.some((mode) => AUTHORIZER_MODES.includes(mode));
