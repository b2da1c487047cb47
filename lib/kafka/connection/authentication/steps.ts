/** What the last authentication of a connection failed with, where one of its exchanges with the broker did. */
export interface SaslSteps {
  failure: unknown;
}

/**
 * Watches the exchanges of a connection's authentications. kafkajs's mechanisms make the same error of every failure, be it a refusal or
 * a connection that was lost meanwhile; the exchange that failed says which.
 *
 * @param connection kafkajs's, whose `send` is for its own requests, those of SASL
 */
export function watchSteps(connection: { send(exchange: object): Promise<unknown> }): SaslSteps {
  const steps: SaslSteps = { failure: undefined };
  const send = connection.send.bind(connection);
  connection.send = async (exchange) => {
    try {
      return await send(exchange);
    } catch (error) {
      steps.failure = error;
      throw error;
    }
  };
  return steps;
}
