/** Kafka refuses the credentials of a connection, by the means of their SASL mechanism. */
export class SaslRefusal extends Error {
  override readonly name = 'SaslRefusal';
}
