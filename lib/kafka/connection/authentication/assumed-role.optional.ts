import { type Lease, Renewed } from '../../../credentials/renewed.ts';
import { credentialsUnavailable } from '../../../messages/kafka.ts';
import type { AwsCredentials } from './aws-credentials.ts';

/** How long to wait for STS, in all. */
const ASSUME_MS = 5000;
const MINUTE_MS = 60_000;
/** A signature for Amazon MSK is valid for 15 minutes, and its keys must outlive it. */
const LEAST_MS = 15 * MINUTE_MS;
const RENEW_BEFORE_MS = 30 * MINUTE_MS;
/** A principal may not change while a connection lasts, and the session name is part of it. */
const SESSION_NAME = 'kafka-http-gateway';

/** The keys of another role that the function's own role may assume, cached while they last. Loads the SDK when it first needs keys. */
export class AssumedRole extends Renewed<AwsCredentials> {
  /** @param region of the STS endpoint */
  constructor(roleArn: string, region: string) {
    super(`the role ${roleArn}`, () => assumeRole(roleArn, region));
  }
}

/** @throws {GatewayError} CredentialsUnavailable */
async function assumeRole(RoleArn: string, region: string): Promise<Lease<AwsCredentials>> {
  try {
    const { STSClient, AssumeRoleCommand } = await import('@aws-sdk/client-sts');
    const client = new STSClient({ region });
    const command = new AssumeRoleCommand({ RoleArn, RoleSessionName: SESSION_NAME });
    const { Credentials } = await client.send(command, { abortSignal: AbortSignal.timeout(ASSUME_MS) });
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) throw new Error('STS answered without credentials');
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    return { credentials, renewAt: Expiration.getTime() - RENEW_BEFORE_MS, endsAt: Expiration.getTime() - LEAST_MS };
  } catch (cause) {
    throw credentialsUnavailable.with({ cause: new Error(`the role ${RoleArn} cannot be assumed`, { cause }) });
  }
}
