import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { configuration, USAGE } from '../../../../infra/configuration/command.ts';
import { readDocument } from '../../../../lib/config/document.ts';

const folder = mkdtempSync(join(tmpdir(), 'configuration-'));
after(() => rmSync(folder, { recursive: true }));

function written(document: object): string {
  const file = join(folder, `${crypto.randomUUID()}.json`);
  writeFileSync(file, JSON.stringify(document));
  return file;
}

test('a document that is right is told to be, with its size', () => {
  const file = written({ GATEWAY_LOG_LEVEL: 'debug' });

  assert.match(
    configuration(['check', file], {}),
    /is right\. It sets GATEWAY_LOG_LEVEL\. As it is, it has 29 characters and fits a standard/,
  );
});

test('a document that is wrong is refused with what is', () => {
  const file = written({ GATEWAY_LOG_LEVEL: 'chatty' });

  for (const action of ['check', 'pack']) {
    assert.throws(() => configuration([action, file], {}), /would be refused: GATEWAY_LOG_LEVEL must be one of/);
  }
});

test('a name that is misspelt, and a path that leads nowhere, are told of as such', () => {
  const file = written({ GATEWAY_GRANT: [] });

  assert.throws(
    () => configuration(['check', file], {}),
    /GATEWAY_GRANT is not a variable that can change .*: correct its name, or deploy it$/,
  );
  assert.throws(() => configuration(['check', '/no/such'], {}), new Error('/no/such cannot be read: check its path'));
});

test('what is packed is read as the document that it was made of, in less room', () => {
  const grants = Array.from({ length: 200 }, (_, i) => ({ principal: `user-${i}`, operations: ['produce'], topics: [`orders-${i}`] }));
  const file = written({ GATEWAY_GRANTS: grants });

  const packed = configuration(['pack', file], {});

  assert.deepEqual(readDocument(packed, {}), { GATEWAY_GRANTS: JSON.stringify(grants) });
  assert.ok(packed.length < 4096);
  assert.match(configuration(['check', file], {}), /is too large for any; packed, .* fits a standard parameter/);
});

test('what is packed already is not packed again, which the gateway could not read', () => {
  const packed = configuration(['pack', written({ GATEWAY_LOG_LEVEL: 'debug' })], {});
  const file = join(folder, `${crypto.randomUUID()}.txt`);
  writeFileSync(file, `${packed}\n`);

  assert.equal(configuration(['pack', file], {}), packed);
});

test('anything else gets the usage', () => {
  for (const parameters of [[], ['check'], ['lint', 'x'], ['check', 'a', 'b']]) {
    assert.throws(() => configuration(parameters, {}), new Error(USAGE));
  }
});
