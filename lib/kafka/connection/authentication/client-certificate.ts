import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';

/** A certificate that identifies a connection to brokers, and its key: PEM text each, as Node's TLS expects them. */
export interface ClientCertificate {
  /** The certificate and its chain up to the authority. */
  cert: string;
  key: string;
  passphrase?: string;
}

/** The names of the parts at their source, for messages. */
export interface PartNames {
  cert: string;
  key: string;
  passphrase: string;
}

/** OpenSSL's code for an encryption that is too weak today, such as PBE-MD5-DES. */
const UNSUPPORTED = 'ERR_OSSL_EVP_UNSUPPORTED';

/**
 * Checks that certificate and key are readable and belong together, and that TLS accepts them with the chain: it would fail on each
 * connection, and not say of what.
 *
 * @throws {Error} names the part that is wrong, and never holds any of it
 */
export function checkCertificate(pair: ClientCertificate, names: PartNames): void {
  const { cert, key, passphrase } = pair;
  const certificate = parseCertificate(cert, names);
  if (!certificate.checkPrivateKey(parseKey(key, passphrase, names))) throw new Error(`${names.key} is not the key of ${names.cert}`);
  try {
    createSecureContext(pair);
  } catch (error) {
    const reason = error instanceof Error && 'reason' in error ? `: ${error.reason}` : '';
    throw new Error(`TLS does not accept ${names.cert} and its chain${reason}`);
  }
}

function parseCertificate(cert: string, names: PartNames): X509Certificate {
  try {
    return new X509Certificate(cert);
  } catch {
    // OpenSSL's own messages tell an operator nothing.
    throw new Error(`${names.cert} must hold a certificate in PEM`);
  }
}

function parseKey(key: string, passphrase: string | undefined, names: PartNames): KeyObject {
  const isEncrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(key);
  if (isEncrypted && passphrase === undefined) throw new Error(`${names.key} is encrypted: set ${names.passphrase}`);
  try {
    // Before blank lines at the end, OpenSSL does not say why.
    return createPrivateKey({ key: key.trim(), format: 'pem', ...(passphrase !== undefined && { passphrase }) });
  } catch (error) {
    if (isEncrypted && error instanceof Error && 'code' in error && error.code === UNSUPPORTED)
      throw new Error(`${names.key} is encrypted as OpenSSL no longer supports it: encrypt it with AES`);
    throw new Error(isEncrypted ? `${names.passphrase} does not open ${names.key}` : `${names.key} must hold a private key in PEM`);
  }
}
