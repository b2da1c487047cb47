import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify, type RemoteJWKSet } from 'jose';
import { type Authenticator, type Judgement, ofScheme } from './authenticator.ts';
import { claimNamed } from './grants-of.ts';
import type { KeySet } from './key-sets.ts';

/** Which tokens are taken, and what is read of them. */
export interface TokenRules {
  /** By the value of `iss`. All are trusted alike: a principal is the same one whoever of them names it. */
  readonly issuers: ReadonlyMap<string, KeySet>;
  /** One of them must be in `aud`, or in `client_id` where a token has no `aud`, as Amazon Cognito's access tokens. */
  readonly audiences: readonly string[];
  readonly algorithms: readonly string[];
  readonly principalClaim: string;
  readonly groupsClaim: string;
}

/** How many keys of an issuer are tried for a token that does not name its key. */
export const MAX_KEYS_TRIED = 10;

/** By how much the clocks of issuers may differ from ours. */
const CLOCK_TOLERANCE_S = 30;

/** What is wrong with a token, in contrast to what keeps it from being checked. */
const REFUSALS = [
  errors.JWTExpired,
  errors.JWTClaimValidationFailed,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
];

/** Bearer tokens that are JWTs (RFC 7519), signed by a key of their issuer. */
export const bearer =
  (rules: TokenRules): Authenticator =>
  ({ authorization }) => {
    const token = ofScheme('bearer', authorization);
    return token === null ? null : judge(token, rules);
  };

async function judge(token: string, rules: TokenRules): Promise<Judgement> {
  try {
    return identityOf(await verified(token, rules), rules);
  } catch (error) {
    // Its code and not its message, which may quote the token.
    if (error instanceof errors.JOSEError && REFUSALS.some((refusal) => error instanceof refusal))
      return { refused: `token: ${error.code}` };
    throw error;
  }
}

async function verified(token: string, { issuers, algorithms }: TokenRules): Promise<JWTPayload> {
  // Not believed yet: it only says whose keys to ask.
  const { iss: issuer = '' } = decodeJwt(token);
  const keys = issuers.get(issuer);
  if (keys === undefined) throw new errors.JWTClaimValidationFailed('unexpected issuer', {}, 'iss');
  const options = { issuer, algorithms: [...algorithms], requiredClaims: ['exp'], clockTolerance: CLOCK_TOLERANCE_S };
  return verifiedBy(await keys(), token, options);
}

/** A token need not name its key (`kid`): then each that fits its algorithm is tried, and those that the issuer may have had since. */
async function verifiedBy(keys: RemoteJWKSet, token: string, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return await verifiedByOne(keys, token, options);
  } catch (error) {
    const mayBeNew = isWrongKey(error) && decodeProtectedHeader(token).kid === undefined && !keys.coolingDown;
    if (!mayBeNew) throw error;
    await keys.reload();
    return verifiedByOne(keys, token, options);
  }
}

async function verifiedByOne(keys: RemoteJWKSet, token: string, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    let tried = 0;
    for await (const key of error) {
      if (tried++ === MAX_KEYS_TRIED) break;
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (wrong) {
        // A key that cannot be used, such as one that is too short, must not hide the right one.
        if (wrong instanceof errors.JOSEError && !isWrongKey(wrong)) throw wrong;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

const isWrongKey = (error: unknown): boolean => error instanceof errors.JWSSignatureVerificationFailed;

function identityOf(claims: JWTPayload, { audiences, principalClaim, groupsClaim }: TokenRules): Judgement {
  const named = textsOf(claims.aud ?? claims.client_id);
  if (!audiences.some((audience) => named.includes(audience))) return { refused: 'token: another audience' };
  const [principal = ''] = textsOf(claimNamed(claims, principalClaim));
  if (principal === '') return { refused: `token: no claim ${principalClaim}` };
  return {
    principal,
    groups: textsOf(claimNamed(claims, groupsClaim)),
    scopes: [...wordsOf(claims.scope), ...wordsOf(claims.scp)],
    claims,
    expiresAt: ((claims.exp ?? 0) + CLOCK_TOLERANCE_S) * 1000,
  };
}

const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((text: unknown): text is string => typeof text === 'string');

/** `scope` is words in a string (RFC 8693, section 4.2); some issuers write an array. */
const wordsOf = (value: unknown): string[] => textsOf(value).flatMap((text) => text.split(' ').filter(Boolean));
