import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventHeaders, eventKey, eventMode } from '../../../../lib/records/requests/cloud-event.ts';
import { textOf } from '../bytes-of.ts';

const shown = (headers: ReturnType<typeof eventHeaders>) => headers.map(({ key, value }) => [key, `${value}`]);

test('a media type of CloudEvents, or an attribute that every event has, makes a request one of events', () => {
  assert.equal(eventMode('application/cloudevents+json', {}), 'structured');
  assert.equal(eventMode('application/cloudevents+avro', { 'ce-id': '1' }), 'structured');
  assert.equal(eventMode('application/cloudevents-batch+json', {}), 'batch');
  for (const name of ['ce-specversion', 'ce-id', 'ce-type', 'ce-source']) assert.equal(eventMode('text/plain', { [name]: 'x' }), 'binary');
  assert.equal(eventMode(null, { 'ce-id': '1' }), 'binary');
  assert.equal(eventMode('application/json', { 'ce-subject': 'a', 'x-ce-id': 'b' }), null);
});

test('attributes become record headers, and the type of the data content-type', () => {
  const headers = { host: 'h', 'content-type': 'text/xml; charset=utf-8', 'ce-id': 'e-1', 'ce-specversion': '1.0', 'ce-myext': 'x' };

  assert.deepEqual(shown(eventHeaders('binary', headers)), [
    ['content-type', 'text/xml; charset=utf-8'],
    ['ce_id', 'e-1'],
    ['ce_specversion', '1.0'],
    ['ce_myext', 'x'],
  ]);
  assert.deepEqual(shown(eventHeaders('binary', { 'ce-id': 'e-1' })), [['ce_id', 'e-1']]);
});

test('an event as a whole has its media type, each of a batch that of one', () => {
  const type = 'application/cloudevents+json; charset=utf-8';

  assert.deepEqual(shown(eventHeaders('structured', { 'content-type': type, 'ce-id': '1' })), [['content-type', type]]);
  assert.deepEqual(shown(eventHeaders('batch', { 'content-type': 'application/cloudevents-batch+json' })), [
    ['content-type', 'application/cloudevents+json'],
  ]);
});

for (const [sent, expected] of [
  ['Euro%20%E2%82%AC', 'Euro €'],
  ['"a \\"b\\" %25"', 'a "b" %'],
  ['Z\xc3\xbcrich', 'Zürich'],
  ['100% sure', '100% sure'],
  ['"', '"'],
  ['', ''],
]) {
  test(`the attribute ${sent} is ${expected}`, () => {
    assert.deepEqual(shown(eventHeaders('binary', { 'ce-subject': sent })), [['ce_subject', expected]]);
  });
}

test('the partition key is the key', () => {
  assert.equal(textOf(eventKey({ 'ce-partitionkey': 'k%2F7' })), 'k/7');
  assert.equal(eventKey({ 'ce-id': '1' }), null);
});
