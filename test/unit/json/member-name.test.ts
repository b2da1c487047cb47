import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonScanner } from '../../../lib/json/json-scanner.ts';
import { readMemberName, refuseMember } from '../../../lib/json/member-name.ts';
import { anyText } from '../records/text-arbitrary.ts';

test('a name is read with its colon, whatever its text', () => {
  const name = fc.oneof(fc.constantFrom('value', 'key', 'keys', 'valve', 'topic', 'headers'), anyText());

  fc.assert(
    fc.property(name, fc.constantFrom('', ' '), (text, space) => {
      const json = new JsonScanner(Buffer.from(`${space}${JSON.stringify(text)}${space}:5`));

      assert.equal(readMemberName(json), text);
      assert.equal(json.at, json.end - 1);
    }),
  );
});

test('a usual name may be escaped', () => {
  assert.equal(readMemberName(new JsonScanner(Buffer.from('"v\\u0061lue":'))), 'value');
});

test('a name without quotes or colon is malformed', () => {
  assert.throws(() => readMemberName(new JsonScanner(Buffer.from('value:1'))), {
    name: 'BadRequest',
    message: 'Malformed JSON: expected a member name in quotes at byte 0',
  });
  assert.throws(() => readMemberName(new JsonScanner(Buffer.from('"value"=1'))), {
    name: 'BadRequest',
    message: "Malformed JSON: expected ':' at byte 7",
  });
});

test('an unknown member is refused with what is known', () => {
  assert.throws(() => refuseMember('Key', ['key', 'value'], 'records[3]'), {
    name: 'InvalidRecord',
    message: 'Unrecognized field: Key in records[3], which may have key, value',
  });
});

test('a long unknown name is shown in part', () => {
  assert.throws(() => refuseMember('x'.repeat(1000), ['key'], 'records[3]'), {
    message: `Unrecognized field: ${'x'.repeat(64)}… in records[3], which may have key`,
  });
});

test('an unknown name cannot break a line or reorder the message', () => {
  assert.throws(() => refuseMember('a\n\u0000\u202eb\ud83d\u00e9', ['key'], 'records[3]'), {
    message: 'Unrecognized field: a???b?? in records[3], which may have key',
  });
});

test('a known member that comes twice is refused', () => {
  assert.throws(() => refuseMember('key', ['key', 'value'], 'records[3]'), {
    name: 'InvalidRecord',
    message: 'records[3] has "key" twice: send it once',
  });
});
