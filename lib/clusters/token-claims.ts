/** The claims of a JWT, of which nobody here has verified any; none of a token that is no JWT. */
export function claimsOf(token: string): Partial<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? { ...claims } : {};
  } catch {
    return {};
  }
}
