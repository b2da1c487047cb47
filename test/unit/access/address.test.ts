import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { networkOf } from '../../../lib/access/address.ts';

suite('an address is counted', () => {
  for (const [what, network, addresses] of [
    [
      'by its /64, however it is written',
      '2001:db8:0:1::/64',
      ['2001:db8:0:1::1', '2001:DB8:0:1:ffff:ffff:ffff:ffff', '2001:0db8:0000:0001:0000:0000:0000:0002', '2001:db8::1:0:0:192.0.2.1'],
    ],
    ['by its /64 without its zone', 'fe80:0:0:0::/64', ['fe80::1', 'fe80::2%eth0', 'fe80:0::3%1']],
    ['by its /64 where that ends or begins with zeros', '0:0:0:0::/64', ['::', '::1', '0:0:0:0:1::', '::1:2:3:4']],
    ['by its /64 where all groups but one are there', '1:2:3:4::/64', ['1:2:3:4:5:6:7::', '1:2:3:4::6:7:8']],
    [
      'as one of IPv4, however it is written',
      '192.0.2.1',
      ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:c000:201', '0:0:0:0:0:ffff:192.0.2.1'],
    ],
    ['as it is where it is none', 'unknown', ['unknown']],
    ['as nothing where there is none', '', ['']],
  ] as const) {
    test(what, () => {
      assert.deepEqual(
        addresses.map(networkOf),
        addresses.map(() => network),
      );
    });
  }

  test('apart from those of other networks', () => {
    assert.equal(new Set(['2001:db8::1', '2001:db8:0:1::1', '2001:db8:1::1', '192.0.2.1', '192.0.2.2'].map(networkOf)).size, 5);
  });

  test('whatever IPv6 address it is, by its first four groups', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        assert.match(networkOf(address), /^(?:[\da-f]{1,4}:){3}[\da-f]{1,4}::\/64$|^\d+\.\d+\.\d+\.\d+$/);
      }),
    );
  });
});
