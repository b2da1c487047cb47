import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientCertificate } from '../../../lib/authorizer/client-certificate.ts';
import { named } from '../../../lib/authorizer/identity.ts';
import { presented } from '../../harness/events/presented.ts';

const judge = (notAfter: string, subject = 'CN=sensor-1,O=Example') => clientCertificate(presented({ certificate: { subject, notAfter } }));

test('the subject of a certificate is the principal, until it ends', async () => {
  const verdict = await judge('Aug  5 09:36:04 2999 GMT');

  assert.deepEqual(verdict, { ...named('CN=sensor-1,O=Example'), expiresAt: Date.UTC(2999, 7, 5, 9, 36, 4) });
});

test('one that has ended is refused, and one of which that is not known', async () => {
  for (const notAfter of ['Aug 5 09:36:04 2021 GMT', '', 'undefined']) {
    assert.deepEqual(await judge(notAfter), { refused: 'certificate: expired' });
  }
});

test('without a certificate, or a subject, nobody is known', () => {
  assert.equal(clientCertificate(presented({})), null);
  assert.equal(judge('Aug 5 09:36:04 2999 GMT', ''), null);
});
