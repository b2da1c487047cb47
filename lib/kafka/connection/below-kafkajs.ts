import type { default as KafkajsConnection, RequestQueue } from 'kafkajs/src/network/connection.js';
import { Answers } from './answers.ts';
import type { Sink } from './broker-socket.ts';

/** What lies below a connection in the place of kafkajs's own. */
export interface BelowKafkajs {
  readonly answers: Answers;
  /** Takes what the socket reads. */
  readonly sink: Sink;
}

/**
 * Takes the place of kafkajs's queue below a connection: answers are read here, those to kafkajs's own requests, of an authentication,
 * too. Zips are without its queue.
 *
 * @param requestMs how long each of kafkajs's own requests waits for its answer
 * @param onForeign is called where the broker sends what is no answer
 */
export function layBelow(connection: KafkajsConnection, requestMs: number, onForeign: (cause: unknown) => void): BelowKafkajs {
  const answers = new Answers();
  connection.requestQueue = queueOn(answers, requestMs);
  const sink: Sink = {
    get room() {
      return answers.room;
    },
    take(chunk) {
      // A mechanism that exchanges bare tokens, without requests around them, keeps them.
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
  // Those who disconnect have rejected all that was under way, and nothing is to be stopped.
  waitForPendingRequests: async () => {},
  destroy() {},
  scheduleRequestTimeoutCheck() {},
  maybeThrottle() {},
});
