import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { asCurl } from '../../../../lib/console/page/curl.ts';

test('a shell gives curl what was meant, whatever is in it, and the credentials of a variable', () => {
  const body = `{"a":"it's $HOME \`id\` \\\\ \n ü"}`;
  const command = asCurl("https://gateway.example/topics/a?filter=key=='x'", 'authorization', { contentType: 'application/json', body });

  const output = execFileSync('sh', ['-c', `curl() { printf '%s\\0' "$@"; }; AUTHORIZATION='Bearer x'; ${command}`]);

  assert.deepEqual(String(output).split('\0').slice(0, -1), [
    "https://gateway.example/topics/a?filter=key=='x'",
    ...['-H', 'authorization: Bearer x'],
    ...['-H', 'Content-Type: application/json'],
    ...['--data-raw', body],
  ]);
});

test('an API key has its own header', () => {
  assert.equal(
    asCurl('https://gateway.example/topics', 'x-api-key'),
    'curl \'https://gateway.example/topics\' \\\n  -H "x-api-key: $X_API_KEY"',
  );
  assert.equal(asCurl('https://gateway.example/topics', null), "curl 'https://gateway.example/topics'");
});
