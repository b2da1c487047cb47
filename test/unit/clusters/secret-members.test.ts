import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { certificateIn, clientIn, optionalCertificateIn, tokenIn, userIn } from '../../../lib/clusters/secret-members.ts';
import { clientCertificates, encrypted } from '../../harness/kafka/client-certificates.ts';

const { trusted, foreign } = await clientCertificates();
const pem = { certificate: trusted.cert, private_key: trusted.key };

suite('a secret holds', () => {
  for (const [what, read, members, expected] of [
    ['a user', userIn, { username: 'u', password: ' p ' }, { username: 'u', password: ' p ' }],
    ['a token', tokenIn, { token: 't' }, { value: 't' }],
    ['an OAuth client', clientIn, { client_id: 'i', client_secret: 's' }, { clientId: 'i', clientSecret: 's' }],
    ['a certificate', certificateIn, pem, trusted],
  ] as const) {
    test(`${what}, and may hold more`, () => {
      assert.deepEqual(read({ ...members, engine: 'kafka', rotated: 1 }), expected);
    });
  }

  test('a certificate whose key is under a passphrase', () => {
    const key = encrypted(trusted.key, 'open sesame');

    const certificate = certificateIn({ ...pem, private_key: key, passphrase: 'open sesame' });

    assert.deepEqual(certificate, { cert: trusted.cert, key, passphrase: 'open sesame' });
  });

  test('a certificate or none', () => {
    assert.equal(optionalCertificateIn({ username: 'u', password: 'p' }), null);
    assert.deepEqual(optionalCertificateIn({ username: 'u', ...pem }), trusted);
  });
});

suite('what a secret lacks is told by name, and nothing of it is quoted:', () => {
  const locked = { ...pem, private_key: encrypted(trusted.key, 'hunter2') };
  for (const [what, read, members, message] of [
    ['the user name', userIn, { password: 'hunter2' }, 'it must hold the member "username", a string'],
    ['the password', userIn, { username: 'hunter2' }, 'it must hold the member "password", a string'],
    ['a password in the password', userIn, { username: 'u', password: '' }, 'it must hold the member "password", a string'],
    ['a password that is a string', userIn, { username: 'u', password: 7 }, 'it must hold the member "password", a string'],
    ['the token', tokenIn, { username: 'hunter2' }, 'it must hold the member "token", a string'],
    ["the client's id", clientIn, { client_secret: 'hunter2' }, 'it must hold the member "client_id", a string'],
    ["the client's secret", clientIn, { client_id: 'hunter2' }, 'it must hold the member "client_secret", a string'],
    ['the key', certificateIn, { certificate: pem.certificate }, 'it must hold the member "private_key", a string'],
    ['the certificate', certificateIn, { private_key: pem.private_key }, 'it must hold the member "certificate", a string'],
    ['the key, of a certificate that is there', optionalCertificateIn, { certificate: pem.certificate }, /"private_key", a string/],
    ['the certificate, of a key that is there', optionalCertificateIn, { private_key: pem.private_key }, /"certificate", a string/],
    ['a certificate that is one', certificateIn, { ...pem, certificate: 'hunter2' }, '"certificate" must hold a certificate in PEM'],
    ['a key that is one', certificateIn, { ...pem, private_key: 'hunter2' }, '"private_key" must hold a private key in PEM'],
    ['the key of its certificate', certificateIn, { ...pem, private_key: foreign.key }, '"private_key" is not the key of "certificate"'],
    ['the passphrase', certificateIn, locked, '"private_key" is encrypted: set "passphrase"'],
    ['the right passphrase', certificateIn, { ...locked, passphrase: 'wrong' }, '"passphrase" does not open "private_key"'],
    ['a passphrase that is a string', certificateIn, { ...locked, passphrase: 7 }, 'it must hold the member "passphrase", a string'],
  ] as const) {
    test(what, () => {
      assert.throws(() => read(members), { message });
    });
  }
});
