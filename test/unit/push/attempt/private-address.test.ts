import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isPrivateAddress } from '../../../../lib/push/attempt/private-address.ts';

suite('an address that is not one of the public internet:', () => {
  for (const address of [
    ...['0.0.0.0', '10.255.255.255', '100.64.0.1', '127.0.0.1', '127.255.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.255'],
    ...['192.0.0.1', '192.0.2.1', '192.168.1.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '255.255.255.255'],
    ...[
      '::',
      '::1',
      '::ffff:10.0.0.1',
      '::ffff:8.8.8.8',
      '::10.0.0.1',
      '64:ff9b::a00:1',
      '64:ff9b:1::1',
      '100::1',
      '2001::1',
      '2001:db8::1',
    ],
    ...['2002:a00:1::', '3fff::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '2606:4700::1%1'],
    ...['', 'localhost', '8.8.8', '08.8.8.8'],
  ]) {
    test(JSON.stringify(address), () => {
      assert.equal(isPrivateAddress(address), true);
    });
  }
});

test('addresses of the public internet', () => {
  for (const address of ['8.8.8.8', '100.63.255.255', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450::1']) {
    assert.equal(isPrivateAddress(address), false, address);
  }
});
