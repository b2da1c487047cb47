import type KafkajsConnection from 'kafkajs/src/network/connection.js';
import { Answers } from './answers.ts';

/**
 * Takes answers from a connection's socket before kafkajs's queue does, which keeps those of its own requests: of an authentication. Where
 * kafkajs rejects its requests, as their connection is lost, ours are rejected, too.
 *
 * @param onGarbage is called where the broker sends what is no answer
 */
export function answersOn(connection: KafkajsConnection, onGarbage: (cause: Error) => void): Answers {
  const { requestQueue } = connection;
  const answers = new Answers((correlationId, payload) =>
    requestQueue.fulfillRequest({ correlationId, payload, size: payload.length + 4 }),
  );
  // kafkajs sets a timer of negative length after every answer here, which only its own throttling needs.
  requestQueue.scheduleCheckPendingRequests = () => {};
  const process = connection.processData.bind(connection);
  connection.processData = (chunk) => {
    // A mechanism that exchanges bare tokens, without requests around them.
    if (connection.authHandlers !== null) return process(chunk);
    try {
      answers.take(chunk);
    } catch (error) {
      onGarbage(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const rejectOwn = connection.rejectRequests.bind(connection);
  connection.rejectRequests = (error) => {
    answers.rejectAll(error);
    rejectOwn(error);
  };
  return answers;
}
