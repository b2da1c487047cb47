/** A listener of the shared broker, by security protocol, and the environment variable that holds its `host:port`. */
const variables = {
  PLAINTEXT: 'TEST_KAFKA_BOOTSTRAP_SERVERS',
  SASL_PLAINTEXT: 'TEST_KAFKA_SASL_PLAINTEXT',
  SSL: 'TEST_KAFKA_SSL',
  SASL_SSL: 'TEST_KAFKA_SASL_SSL',
};

/**
 * `host:port` of a listener of the broker that tests share. It knows the users of infra/local/properties.ts.
 *
 * @throws {Error} when the tests were not started by with-kafka.ts
 */
export const sharedKafka = (protocol: keyof typeof variables = 'PLAINTEXT') => required(variables[protocol]);

/** Path of the PEM file with the authority that the shared broker's TLS listeners' certificate comes from. */
export const sharedKafkaCaFile = () => required('TEST_KAFKA_CA_FILE');

function required(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: run the tests with node test/harness/kafka/with-kafka.ts -- <command>`);
  return value;
}
