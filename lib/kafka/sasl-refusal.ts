/** Kafka refuses the credentials of a connection in an answer of the SASL mechanism. */
export class SaslRefusal extends Error {
  override readonly name = 'SaslRefusal';
}
