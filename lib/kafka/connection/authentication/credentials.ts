import type { Sasl } from 'kafkajs/src/network/connection.js';
import type { CredentialSource } from '../../../credentials/credential-source.ts';
import type { ClientCertificate } from './client-certificate.ts';

/** A user of the Kafka cluster, in the shape that Amazon MSK keeps in Secrets Manager. */
export interface UserCredentials {
  username: string;
  password: string;
}

/** What a connection shows of who we are; null where the listener asks for none. */
export interface ConnectionCredentials {
  sasl: Sasl | null;
  certificate: ClientCertificate | null;
}

/** SASL and the certificate of a connection together. */
export const joined = (
  sasl: CredentialSource<Sasl | null>,
  certificate: CredentialSource<ClientCertificate | null>,
): CredentialSource<ConnectionCredentials> => ({
  async current() {
    const [currentSasl, currentCertificate] = await Promise.all([sasl.current(), certificate.current()]);
    return { sasl: currentSasl, certificate: currentCertificate };
  },
  async renew(refused) {
    const renewed = await Promise.all([sasl.renew(refused.sasl), certificate.renew(refused.certificate)]);
    return renewed.includes(true);
  },
});
