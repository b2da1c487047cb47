/** The error of the exchange with the broker that failed in the last authentication; undefined if none failed. */
export interface SaslSteps {
  failure: unknown;
}

/**
 * Watches the exchanges of a connection's authentications. kafkajs's mechanisms throw the same error for a refusal and for a lost
 * connection; the exchange that failed tells them apart.
 *
 * @param connection kafkajs's, whose `send` carries only kafkajs's own requests, those of SASL
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
