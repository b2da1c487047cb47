import type { default as KafkajsConnection, RequestQueue } from 'kafkajs/src/network/connection.js';
import { Answers } from './answers.ts';
import type { Sink } from './broker-socket.ts';

/** What replaces kafkajs's own parts below a connection. */
export interface BelowKafkajs {
  readonly answers: Answers;
  /** Takes what the socket reads. */
  readonly sink: Sink;
}

/**
 * Replaces kafkajs's queue below a connection: our code reads all answers, including those to kafkajs's own requests, which
 * authenticate. Zips do not contain kafkajs's queue.
 *
 * @param requestMs how long each of kafkajs's own requests waits for its answer
 * @param onForeign called when the broker sends something other than an answer
 */
export function layBelow(connection: KafkajsConnection, requestMs: number, onForeign: (cause: unknown) => void): BelowKafkajs {
  const answers = new Answers();
  connection.requestQueue = queueOn(answers, requestMs);
  const sink: Sink = {
    get room() {
      return answers.room;
    },
    take(chunk) {
      // A mechanism that exchanges bare tokens, without requests around them, reads them itself.
      if (connection.authHandlers !== null) return connection.processData(Buffer.from(chunk));
      try {
        answers.take(chunk);
      } catch (cause) {
        onForeign(cause);
      }
    },
  };
  return { answers, sink };
}

const queueOn = (answers: Answers, requestMs: number): RequestQueue => ({
  push({ entry, sendRequest }) {
    const { correlationId, apiName } = entry;
    answers.next(correlationId, apiName, requestMs).then(
      (payload) => entry.resolve({ correlationId, entry, payload, size: payload.length + 4 }),
      (error) => entry.reject(error),
    );
    sendRequest();
  },
  rejectAll: (error) => answers.rejectAll(error),
  // Callers that disconnect have already rejected all requests in flight, and there is nothing to stop.
  waitForPendingRequests: async () => {},
  destroy() {},
  scheduleRequestTimeoutCheck() {},
  maybeThrottle() {},
});
