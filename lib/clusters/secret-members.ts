import type { SecretMembers } from '../aws/secrets.ts';
import { type ClientCertificate, checkCertificate } from '../kafka/connection/authentication/client-certificate.ts';
import type { UserCredentials } from '../kafka/connection/authentication/credentials.ts';
import type { BearerToken } from '../kafka/connection/authentication/oauthbearer.ts';
import type { OAuthClient } from '../kafka/connection/authentication/token-endpoint.ts';

/** `{"username","password"}`, as Amazon MSK stores it. */
export const userIn = (members: SecretMembers): UserCredentials => ({
  username: textOf(members, 'username'),
  password: textOf(members, 'password'),
});

/** `{"token"}` */
export const tokenIn = (members: SecretMembers): BearerToken => ({ value: textOf(members, 'token') });

/** `{"client_id","client_secret"}` */
export const clientIn = (members: SecretMembers): OAuthClient => ({
  clientId: textOf(members, 'client_id'),
  clientSecret: textOf(members, 'client_secret'),
});

/** Null when the secret holds no certificate. @see certificateIn */
export const optionalCertificateIn = (members: SecretMembers): ClientCertificate | null =>
  members.certificate === undefined && members.private_key === undefined ? null : certificateIn(members);

/** `{"certificate","private_key","passphrase"?}`, PEM */
export function certificateIn(members: SecretMembers): ClientCertificate {
  const certificate: ClientCertificate = {
    cert: textOf(members, 'certificate'),
    key: textOf(members, 'private_key'),
    ...(members.passphrase !== undefined && { passphrase: textOf(members, 'passphrase') }),
  };
  checkCertificate(certificate, { cert: '"certificate"', key: '"private_key"', passphrase: '"passphrase"' });
  return certificate;
}

function textOf(members: SecretMembers, name: string): string {
  const text = members[name];
  if (typeof text === 'string' && text !== '') return text;
  throw new Error(`it must hold the member "${name}", a string`);
}
