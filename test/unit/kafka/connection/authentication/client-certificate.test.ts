import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { checkCertificate } from '../../../../../lib/kafka/connection/authentication/client-certificate.ts';
import { clientCertificates, encrypted } from '../../../../harness/kafka/client-certificates.ts';

const { trusted } = await clientCertificates();
const names = { cert: 'CERT', key: 'KEY', passphrase: 'PASSPHRASE' };
const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
/** Encrypted by PBE-MD5-DES, with the passphrase `x`. */
const oldLock = [
  '-----BEGIN ENCRYPTED PRIVATE KEY-----',
  'MIGwMBsGCSqGSIb3DQEFAzAOBAhyXepDaZrILwICCAAEgZBVYvf64Igf+yXhz4jZ',
  '0SnIvqRbwXFOjyZbmoNkTppPwT8n93hWqoBf2u+lRsjOrZDVs3irQ/OMf1xbcc9j',
  'll0/WeTOKuuIwfXEx1wWC3v7mR3InGbpYKfo0NaKRROfWXbqpnWOqzLR+LUHQGN1',
  'pBklLl0Ool5hW6CRr1PEJViAWRcmQOxLb76A8r7KwFIiAag=',
  '-----END ENCRYPTED PRIVATE KEY-----',
].join('\n');
const locked = encrypted(trusted.key, 'open sesame');

test('a certificate and its key are fine', () => {
  checkCertificate(trusted, names);
  checkCertificate({ cert: trusted.cert, key: locked, passphrase: 'open sesame' }, names);
});

for (const [what, certificate, message] of [
  ['no certificate', { ...trusted, cert: 'none' }, 'CERT must hold a certificate in PEM'],
  ['no key', { ...trusted, key: 'none' }, 'KEY must hold a private key in PEM'],
  ['a certificate for a key', { ...trusted, key: trusted.cert }, 'KEY must hold a private key in PEM'],
  ["another certificate's key", { ...trusted, key: otherKey }, 'KEY is not the key of CERT'],
  ['a locked key', { ...trusted, key: locked }, 'KEY is encrypted: set PASSPHRASE'],
  [
    'a chain that cannot be read',
    { ...trusted, cert: `${trusted.cert}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n` },
    'TLS does not accept CERT and its chain: wrong tag',
  ],
  [
    'an old lock',
    { ...trusted, key: `${oldLock}\n\n`, passphrase: 'x' },
    'KEY is encrypted as OpenSSL no longer supports it: encrypt it with AES',
  ],
  ['the wrong passphrase', { ...trusted, key: locked, passphrase: 'wrong' }, 'PASSPHRASE does not open KEY'],
] as const) {
  test(`${what} is told by name`, () => {
    assert.throws(() => checkCertificate(certificate, names), { message });
  });
}
