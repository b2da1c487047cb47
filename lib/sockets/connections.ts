import type { ReadAccess } from '../aws/access.ts';
import { signedPost } from '../aws/signed-post.ts';
import { systemClock } from '../clock.ts';
import { log } from '../telemetry/log.ts';

const POST_MS = 5000;
const GONE = 410;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/** Sends messages over connections that API Gateway holds. */
export interface Connections {
  /**
   * Sends a message, and retries until API Gateway accepts it. Never rejects.
   *
   * @returns 'stopped' when the signal aborts before that
   */
  post(connection: string, text: string, stop: AbortSignal): Promise<'sent' | 'gone' | 'stopped'>;
}

/** The connections of a WebSocket API's stage, which has this URL. */
export function connectionsAt(url: string, access: ReadAccess): Connections {
  return {
    async post(connection, text, stop) {
      for (let tries = 0; !stop.aborted; tries++) {
        const failure = await tryPost(access, `${url}/@connections/${encodeURIComponent(connection)}`, text);
        if (failure === null) return 'sent';
        if (failure === GONE) return 'gone';
        log.warn('push_failed', 'A message cannot be sent over a WebSocket at the moment', { connectionId: connection, error: failure });
        await systemClock.wait(Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS), stop);
      }
      return 'stopped';
    },
  };
}

async function tryPost(access: ReadAccess, url: string, body: string): Promise<unknown> {
  try {
    const { status, text } = await signedPost(access(), 'execute-api', url, { body, timeoutMs: POST_MS });
    return status === 200 ? null : status === GONE ? GONE : new Error(`API Gateway answered ${status}: ${text.slice(0, 200)}`);
  } catch (error) {
    return error;
  }
}
