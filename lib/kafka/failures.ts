import { stoodStill } from '../deadline.ts';
import { GatewayError } from '../errors.ts';
import { credentialsRefused, gatewayStoodStill, kafkaSilent, kafkaUnreachable, tlsFailed } from '../messages/kafka.ts';
import { BrokerDistrusted, SaslRefusal } from './sasl-refusal.ts';

/**
 * Codes of Node's TLS for a handshake that will not succeed next time either. UNSPECIFIED is that of certificates which OpenSSL refuses for
 * one of the reasons that Node has no code for, such as a key that is too short, or a name that an authority may not certify.
 */
const TLS_REFUSAL =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|ERROR_IN_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|(HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|UNSPECIFIED|EPROTO)$)/;
/** Both sides' codes for bytes that were damaged on their way. */
const DAMAGED = /BAD_RECORD_MAC$/;
const USER_REFUSAL = 'SASL_AUTHENTICATION_FAILED';
const SASL_REFUSALS = [USER_REFUSAL, 'UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE'];

/** True when Kafka (or we) refused to continue with the gateway's credentials. */
export function isCredentialRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof SaslRefusal || error instanceof BrokerDistrusted || error.name === 'KafkaJSSASLAuthenticationError') return true;
  return 'type' in error && SASL_REFUSALS.includes(String(error.type));
}

/** True when Kafka refused the user, the password or the token of a connection, rather than the way in which they were sent. */
export const isUserRefusal = (error: unknown): boolean =>
  error instanceof SaslRefusal || (error instanceof Error && 'type' in error && error.type === USER_REFUSAL);

/** True when the TLS handshake failed for a lasting reason. */
export function isTlsRefusal(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return TLS_REFUSAL.test(code) && !DAMAGED.test(code);
}

/**
 * The failure of a request on an open connection. A TLS error after the handshake refuses nothing: the other side failed, and a new
 * connection may work.
 */
export const failureOfOpen = (cause: unknown): unknown =>
  isTlsRefusal(cause) ? new Error(`TLS broke on an open connection: ${reasonOf(cause)}`, { cause }) : cause;

/** True when the other side closed the connection without an answer of Kafka. */
export const isHangUp = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'KafkaJSConnectionClosedError' || error.name === 'ForeignAnswer' || ('code' in error && error.code === 'ECONNRESET'));

/** The client's error for a failed connection: one for the operator to fix (502), or worth a retry (503). */
export function connectionError(cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause;
  if (isCredentialRefusal(cause)) {
    return credentialsRefused.with({ cause });
  }
  if (isTlsRefusal(cause)) return tlsDisagreement(cause);
  return kafkaUnreachable.with({ cause });
}

export const tlsDisagreement = (cause: unknown): GatewayError => tlsFailed.with({ cause });

/** The connections to the cluster were closed for good, and no new ones are opened. */
export class RetiredCluster extends Error {}

/** The bootstrap servers now belong to another cluster: the next request gets a client of that one. */
export class MovedCluster extends RetiredCluster {}

/** True when a retry within the request cannot help. */
export const isFinal = (error: GatewayError): boolean => error.name !== 'KafkaUnavailable' || error.cause instanceof RetiredCluster;

/**
 * The client's error at the deadline (Unix milliseconds): 503 if Kafka was down or refused, 504 if it was silent, or if this process stood
 * still and could not hear it.
 */
export function atDeadline(failure: GatewayError | null, deadline: number): GatewayError {
  if (failure !== null && !isSilence(failure.cause)) return failure;
  return (stoodStill(deadline) ? gatewayStoodStill : kafkaSilent).with({ cause: failure?.cause });
}

/** Why something failed, on one line for the log: the innermost cause of an error that was made for a client. */
export function reasonOf(failure: unknown): string {
  if (failure instanceof GatewayError && failure.cause !== undefined) return reasonOf(failure.cause);
  return failure instanceof Error ? failure.message || failure.name : String(failure);
}

/** True when there was no answer: a request without one has a name, and a connection without one is an error without a code. */
export function isSilence(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if (cause.name === 'KafkaJSConnectionError') return 'code' in cause && cause.code === undefined;
  return cause.name === 'AnswerTimeout';
}
