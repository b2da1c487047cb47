import { AwsClient } from 'aws4fetch';
import type { AwsAccess } from './access.ts';

/** The response of an AWS service. */
export interface SignedAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Sends a signed POST request to an AWS service.
 *
 * @param service its name in signatures
 * @throws {Error} when there is no response in time
 */
export async function signedPost(
  { region, accessKeyId, secretAccessKey, sessionToken }: AwsAccess,
  service: string,
  url: string,
  { headers = {}, body, timeoutMs }: { headers?: Record<string, string>; body: string; timeoutMs: number },
): Promise<SignedAnswer> {
  const session = sessionToken === null ? {} : { sessionToken };
  const client = new AwsClient({ accessKeyId, secretAccessKey, ...session, service, region, retries: 0 });
  const answer = await client.fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(timeoutMs) });
  return { status: answer.status, text: await answer.text() };
}
