import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const file = (path: string) => fileURLToPath(new URL(`../../harness/${path}`, import.meta.url));

/** Runs a program as a suite is run, and then searched. */
function scan(program: string) {
  const modules = ['output.ts', 'kept.ts'].map((name) => JSON.stringify(file(`leaks/${name}`)));
  const source = `import ${modules[0]}; import { keepOutput, keepSecret } from ${modules[1]}; ${program}`;
  const node = [process.execPath, '--input-type=module-typescript', '--eval', source];
  return spawnSync(process.execPath, [file('leaks/scan.ts'), '--', ...node], { encoding: 'utf8' });
}

for (const [what, program] of Object.entries({
  'in the log': `console.log('{"timestamp":"","level":"INFO","a":"of a record"}')`,
  'on standard error': `console.error('of a record')`,
  'written otherwise in JSON': `keepSecret(['a "quoted" record']); console.log(JSON.stringify({ a: 'a "quoted" record' }))`,
  'that a process of the suite has written': `keepOutput('what is of a record')`,
  'that every suite has': `console.log('alice-secret')`,
})) {
  test(`the search finds what must not be seen ${what}`, () => {
    const { status, stderr } = scan(`keepSecret(['of a record']); ${program};`);

    assert.equal(status, 1);
    assert.match(stderr, /^LEAKED: /m);
  });
}

test('the search finds nothing where there is nothing, and passes the exit code on', () => {
  const [clean, failed] = ['', 'process.exitCode = 7;'].map((end) =>
    scan(`keepSecret(['of a record']); console.log('all is well'); ${end}`),
  );

  assert.deepEqual([clean.status, failed.status], [0, 7], clean.stderr);
  assert.match(clean.stdout, /none may be in 1 lines of output/);
});
