import type { CredentialSource } from '../../../credentials/credential-source.ts';
import { credentialsUnavailable } from '../../../messages/kafka.ts';

/** Keys of an AWS role. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** The keys of the function's own role, which Lambda puts into the environment. */
export const functionRole: CredentialSource<AwsCredentials> = {
  async current() {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
    if (!accessKeyId || !secretAccessKey) {
      throw credentialsUnavailable.with({ cause: new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set') });
    }
    return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  },
  renew: async () => false,
};
