import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseDocument } from 'yaml';
import { parseDescription, readDescriptionText } from '../../../lib/openapi/description.ts';

/** What tells a browser or a cache what to do, and no page's script. */
const FOR_BROWSERS = [
  'cache-control',
  'content-encoding',
  'content-security-policy',
  'cross-origin-opener-policy',
  'etag',
  'referrer-policy',
  'vary',
  'x-content-type-options',
];
/** With a 405, which is of no route, and so not in openapi.yaml. */
const UNDESCRIBED = ['allow'];

test('pages may read every header that answers have', () => {
  const cors = parseDocument(readFileSync(join(import.meta.dirname, '../../../infra/stack/cors.yml'), 'utf8'), { logLevel: 'silent' });
  const configuration = cors.getIn(['extensions', 'HttpApi', 'Properties', 'CorsConfiguration', 1, 'ExposeHeaders']);
  const exposed: unknown = JSON.parse(JSON.stringify(configuration));

  const { paths, components } = parseDescription(readDescriptionText());
  const sent = new Set([...UNDESCRIBED, ...headersIn(paths), ...headersIn(components.responses)]);
  assert.deepEqual(exposed, [...sent].filter((name) => !FOR_BROWSERS.includes(name)).sort());
});

/** The names of headers of responses, wherever they are described. */
function headersIn(described: unknown): string[] {
  if (typeof described !== 'object' || described === null) return [];
  return Object.entries(described).flatMap(([name, value]) =>
    name === 'headers' && !Array.isArray(value) ? Object.keys(value) : headersIn(value),
  );
}
