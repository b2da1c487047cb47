import { AwsClient } from 'aws4fetch';
import type { AwsAccess } from './access.ts';

/** What AWS has answered. */
export interface SignedAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Posts a request to a service of AWS, signed.
 *
 * @param service as signatures name it
 * @throws {Error} when there is no answer within the time
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
