import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addressOf, readAddress, withParameters } from '../../../../lib/console/page/address.ts';

test('names and parameters of any text survive an address', () => {
  const text = fc.string({ unit: 'binary', minLength: 1 }).filter((one) => one.isWellFormed());
  fc.assert(
    fc.property(fc.array(text), fc.array(text), (path, filters) => {
      const address = readAddress(addressOf(path, { filter: filters }));

      assert.deepEqual([address.path, address.parameters.getAll('filter')], [path, filters]);
    }),
  );
});

test('a change leaves the other parameters, and takes away what is null', () => {
  const address = readAddress('#/topics/a?filter=x&filter=y&at=0%231');

  assert.equal(withParameters(address, { at: null, open: '0#2' }), '#/topics/a?filter=x&filter=y&open=0%232');
});

test('a segment that is no text in percent escapes is itself', () => {
  assert.deepEqual(readAddress('#/topics/%ff').path, ['topics', '%ff']);
});
