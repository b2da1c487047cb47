import type { Sasl } from 'kafkajs/src/network/connection.js';
import { type CredentialSource, derived } from '../../../credentials/credential-source.ts';
import type { AwsCredentials } from './aws-credentials.ts';
import { type BearerToken, oauthBearer } from './oauthbearer.ts';

const MSK_HOST = /\.kafka(?:-serverless)?\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?(?=:)/;

/** The AWS region in the host names of Amazon MSK's brokers, serverless or not; null if none has one, as with custom domain names. */
export function regionOf(bootstrapServers: readonly string[]): string | null {
  for (const server of bootstrapServers) {
    const region = MSK_HOST.exec(server)?.[1];
    if (region !== undefined) return region;
  }
  return null;
}

/**
 * IAM access control of Amazon MSK: OAUTHBEARER with a signed request for `kafka-cluster:Connect` as its token, signed anew for every
 * session.
 *
 * @param credentials of the role that the IAM policies, MSK's ACLs, apply to
 */
export const mskIam = (region: string, credentials: CredentialSource<AwsCredentials>): CredentialSource<Sasl> =>
  oauthBearer(derived(credentials, (keys) => sign(region, keys)));

async function sign(region: string, keys: AwsCredentials): Promise<BearerToken> {
  const { generateAuthTokenFromCredentialsProvider } = await import('aws-msk-iam-sasl-signer-js');
  // Without the keys' expiration: within 15 minutes of it, the signer computes fractions of a second, which are not a valid duration.
  const { token } = await generateAuthTokenFromCredentialsProvider({ region, awsCredentialsProvider: async () => keys });
  return { value: token };
}
