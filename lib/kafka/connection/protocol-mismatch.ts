import type { GatewayError } from '../../errors.ts';
import { credentialsWanted } from '../../messages/kafka.ts';
import { isHangUp, isTlsRefusal, tlsDisagreement } from '../failures.ts';
import { BrokerConnection, type ConnectionSettings, type Sasl } from './connection.ts';

/** A mechanism that no broker has: a listener with SASL answers with those that it has, one without SASL answers that it has none. */
const unknownMechanism: Sasl = { mechanism: 'none', authenticationProvider: () => ({ authenticate: async () => {} }) };

/**
 * Finds out whether a listener hung up because it expects another security protocol. Kafka does not say: it closes the connection, as
 * starting or stopping brokers and load balancers do. So this connects the other way, which sends no credentials.
 *
 * @param cause what the connection failed with
 * @param usesSasl whether the connection authenticates with SASL, and so cannot lack it
 * @returns null if it is something else, or cannot be told
 */
export async function protocolMismatch(
  address: string,
  { clientId, ssl }: ConnectionSettings,
  cause: unknown,
  usesSasl = false,
): Promise<GatewayError | null> {
  if (!isHangUp(cause)) return null;
  const otherwise = await answerOf(new BrokerConnection(address, { clientId, ssl: ssl === null ? {} : null }, null));
  if (otherwise === null || isTlsRefusal(otherwise)) {
    const speaks = ssl === null ? 'speaks TLS' : 'does not speak TLS';
    return tlsDisagreement(new Error(`broker ${address} ${speaks}: see KAFKA_SECURITY_PROTOCOL`, { cause }));
  }
  if (usesSasl) return null;
  const withSasl = await answerOf(new BrokerConnection(address, { clientId, ssl }, { sasl: unknownMechanism, certificate: null }));
  if (!(withSasl instanceof Error && 'type' in withSasl && withSasl.type === 'UNSUPPORTED_SASL_MECHANISM')) return null;
  return credentialsWanted.with({
    cause: new Error(`broker ${address} wants SASL: see KAFKA_SECURITY_PROTOCOL`, { cause }),
  });
}

/** The error of connecting; null if it succeeds. */
async function answerOf(connection: BrokerConnection): Promise<unknown> {
  try {
    await connection.connect();
    return null;
  } catch (error) {
    return error;
  } finally {
    connection.close();
  }
}
