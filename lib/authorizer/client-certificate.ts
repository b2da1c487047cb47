import type { Authenticator } from './authenticator.ts';
import { named } from './identity.ts';

/** Client certificates, which API Gateway has verified against the truststore of its domain: the subject is the principal. */
export const clientCertificate: Authenticator = ({ certificate }) => {
  if (certificate === null || certificate.subject === '') return null;
  const expiresAt = Date.parse(certificate.notAfter);
  // API Gateway checks that too. An unreadable date counts as expired.
  if (!(expiresAt > Date.now())) return Promise.resolve({ refused: 'certificate: expired' });
  return Promise.resolve({ ...named(certificate.subject), expiresAt });
};
