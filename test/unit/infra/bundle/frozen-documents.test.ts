import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { frozenDocuments } from '../../../../infra/bundle/frozen-documents.ts';
import { descriptionJson, docsHtml } from '../../../../lib/openapi/documents.ts';
import { bundle, bundledFiles } from './bundling.ts';

test('a bundle has the documents, and nothing that makes them', async () => {
  const result = await bundle("export * from '../../../../lib/openapi/documents.ts';", [frozenDocuments], { metafile: true });

  const [{ text }] = result.outputFiles ?? [];
  const module: { exports: Record<string, unknown> } = { exports: {} };
  runInNewContext(text, { module });
  assert.deepEqual([module.exports.docsHtml, module.exports.descriptionJson], [docsHtml, descriptionJson]);
  assert.deepEqual(
    bundledFiles(result)
      .map((file) => file.replace(/.*\//, ''))
      .sort(),
    ['documents.ts', 'function.ts'],
  );
});
