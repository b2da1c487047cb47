import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptedEncoding } from '../../../lib/http/content-encoding.ts';

for (const [header, encoding] of [
  [undefined, null],
  ['', null],
  ['gzip', 'gzip'],
  ['GZip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['br', 'br'],
  ['gzip, deflate, br', 'br'],
  ['gzip, deflate, br, zstd', 'br'],
  ['deflate', null],
  ['zstd', null],
  ['*', 'br'],
  ['*;q=0', null],
  ['*;q=0.5, br;q=0', 'gzip'],
  ['br;q=0.5, gzip', 'gzip'],
  ['br ; Q = 0.5 , gzip ; q=0.501', 'gzip'],
  ['gzip;q=0', null],
  ['gzip;q=0.0, br;q=0.000', null],
  ['identity', null],
  ['identity, gzip;q=0.5', null],
  ['identity;q=0.5, gzip', 'gzip'],
  ['identity;q=0.5, gzip;q=0.5', 'gzip'],
  ['identity;q=0, gzip', 'gzip'],
  ['gzip;q=many', null],
  ['gzip;level=9', null],
  ['gzip;;', null],
  [',,gzip,,', 'gzip'],
] as const) {
  test(`Accept-Encoding: ${header ?? 'absent'} is answered ${encoding ?? 'as it is'}`, () => {
    assert.equal(acceptedEncoding(header), encoding);
  });
}
