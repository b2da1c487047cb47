import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { zipNames, zipOf } from '../harness/lambda/deployed-function.ts';
import { filesOf } from '../harness/lambda/function-zip.ts';

const MAX_ZIP_BYTES = 110_000;

for (const name of zipNames) {
  suite(`the zip of ${name}`, () => {
    test('is small', async () => {
      const { size } = await stat(zipOf(name));

      assert.ok(size <= MAX_ZIP_BYTES, `${size} bytes`);
    });

    test('holds its bundle, the client of Secrets Manager where it reads secrets, and nothing else', async () => {
      const files = await filesOf(zipOf(name));

      const secrets = name === 'openapi' ? [] : ['functions/secrets-manager.cjs'];
      const expected = [`functions/${name}.js`, 'functions/package.json', ...secrets];
      assert.deepEqual(Object.keys(files).sort(), expected.sort());
    });
  });
}
