import type { ReadAccess } from './access.ts';
import { signedPost } from './signed-post.ts';

const INVOKE_MS = 5000;
const TRIES = 3;
const ACCEPTED = 202;

/**
 * Invokes a function asynchronously, and waits only until Lambda has accepted that. Lambda retries a failed invocation twice.
 *
 * @param called the function's name, or `name:alias`
 * @throws {Error} when Lambda does not accept the invocation
 */
export async function invokeLater(access: ReadAccess, called: string, payload: object): Promise<void> {
  const headers = { 'content-type': 'application/json', 'x-amz-invocation-type': 'Event' };
  for (let tries = 1; ; tries++) {
    const url = `${access().lambda}/2015-03-31/functions/${called}/invocations`;
    const answer: unknown = await signedPost(access(), 'lambda', url, {
      headers,
      body: JSON.stringify(payload),
      timeoutMs: INVOKE_MS,
    }).then(
      ({ status, text }) => (status === ACCEPTED ? null : new Error(`Lambda answered ${status}: ${text.slice(0, 200)}`)),
      (error: unknown) => error,
    );
    if (answer === null) return;
    if (tries === TRIES) throw new Error(`Lambda does not call ${called}`, { cause: answer });
  }
}
