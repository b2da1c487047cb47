import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify, type RemoteJWKSet } from 'jose';
import { issuerUnavailable } from '../messages/callers.ts';
import { type Authenticator, type Judgement, ofScheme } from './authenticator.ts';
import { claimNamed } from './grants-of.ts';
import type { KeySet } from './key-sets.ts';

/** Which tokens are accepted, and which claims are read. */
export interface TokenRules {
  /** By the value of `iss`. All issuers are trusted equally: a principal is the same whichever issuer names it. */
  readonly issuers: ReadonlyMap<string, KeySet>;
  /** One of them must be in `aud`, or in `client_id` for a token without `aud`, such as Amazon Cognito's access tokens. */
  readonly audiences: readonly string[];
  readonly algorithms: readonly string[];
  readonly principalClaim: string;
  readonly groupsClaim: string;
}

/** How many keys of an issuer are tried for a token that does not name its key. */
export const MAX_KEYS_TRIED = 10;

/** How far an issuer's clock may differ from this process's. */
const CLOCK_TOLERANCE_S = 30;

/** Errors that mean a bad token; any other error means that the keys to check it with cannot be had. */
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

/**
 * JWTs as bearer tokens (RFC 7519), signed with a key of their issuer. It rejects with CredentialsUnavailable while the issuer's keys cannot
 * be read.
 */
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
    // Only the error's code: its message may quote the token.
    if (error instanceof errors.JOSEError && REFUSALS.some((refusal) => error instanceof refusal))
      return { refused: `token: ${error.code}` };
    throw issuerUnavailable.with({ cause: error });
  }
}

async function verified(token: string, { issuers, algorithms }: TokenRules): Promise<JWTPayload> {
  // Not verified yet: it only tells whose keys to use.
  const { iss: issuer = '' } = decodeJwt(token);
  const keys = issuers.get(issuer);
  if (keys === undefined) throw new errors.JWTClaimValidationFailed('unexpected issuer', {}, 'iss');
  const options = { issuer, algorithms: [...algorithms], requiredClaims: ['exp'], clockTolerance: CLOCK_TOLERANCE_S };
  return verifiedBy(await keys(), token, options);
}

/** A token may lack a key id (`kid`). Then each key that fits its algorithm is tried; if none verifies it, the keys are fetched again. */
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
        // A key that cannot be used, for example because it is too short, must not hide the right one.
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

/** `scope` is a string of words (RFC 8693, section 4.2); some issuers write an array. */
const wordsOf = (value: unknown): string[] => textsOf(value).flatMap((text) => text.split(' ').filter(Boolean));
