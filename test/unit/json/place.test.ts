import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Place } from '../../../lib/json/place.ts';

test('a place is written like a path into the request', () => {
  const place = new Place();
  place.record = 3;
  assert.equal(String(place), 'records[3]');

  place.field = 'key';
  assert.equal(String(place), 'records[3].key');
  assert.equal(place.owner(), 'records[3]');

  place.part = 'data';
  assert.equal(String(place), 'records[3].key.data');

  place.part = '';
  place.header = 1;
  assert.equal(String(place), 'records[3].headers[1].key');
  assert.equal(place.owner(), 'records[3].headers[1]');
});
