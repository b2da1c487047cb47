/** Reads the claims of a JWT, without verifying them; a token that is not a JWT has none. */
export function claimsOf(token: string): Partial<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? { ...claims } : {};
  } catch {
    return {};
  }
}
