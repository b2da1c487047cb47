import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { asCurl } from '../../../../lib/console/page/curl.ts';

test('a shell gives curl what was meant, whatever is in it, and the credentials of a variable', () => {
  const body = `{"a":"it's $HOME \`id\` \\\\ \n ü"}`;
  const command = asCurl("https://gateway.example/topics/a?filter=key=='x'", true, { contentType: 'application/json', body });

  const output = execFileSync('sh', ['-c', `curl() { printf '%s\\0' "$@"; }; AUTHORIZATION='Bearer x'; ${command}`]);

  assert.deepEqual(String(output).split('\0').slice(0, -1), [
    "https://gateway.example/topics/a?filter=key=='x'",
    ...['-H', 'Authorization: Bearer x'],
    ...['-H', 'Content-Type: application/json'],
    ...['--data-raw', body],
  ]);
});
