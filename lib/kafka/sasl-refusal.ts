/** Kafka refuses the credentials of a connection in an answer of the SASL mechanism. */
export class SaslRefusal extends Error {
  override readonly name = 'SaslRefusal';
}

/** We refuse to go on with a broker: it breaks the rules of the SASL mechanism, or does not prove who it is. */
export class BrokerDistrusted extends Error {
  override readonly name = 'BrokerDistrusted';
}
