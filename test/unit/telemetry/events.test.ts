import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';

const events = [...readFileSync('lib/telemetry/events.ts', 'utf8').matchAll(/^ {2}\| '(\w+)'/gm)].map(([, event]) => event);
const sources = globSync('lib/**/*.ts', { exclude: ['lib/telemetry/**'] }).map((file) => readFileSync(file, 'utf8'));
const page = readFileSync('docs/operate/observability.md', 'utf8');
/** Names of events as lines of the log are written with them; those that are chosen between are beside each other. */
const logged = new Set(
  sources.flatMap((text) => [...text.matchAll(/\blog\.(?:debug|info|warn|error)\(\s*'(\w+)'/g)].map(([, event]) => event)),
);
/** Their messages are those of errors. */
const ofErrors = ['request_failed', 'records_failed'];

suite('an event of the log', () => {
  assert.ok(events.length > 0);

  for (const event of events) {
    test(`${event} is logged somewhere, and documented with an example`, () => {
      assert.match(event, /^[a-z]+(_[a-z]+)*$/);
      assert.ok(logged.has(event), 'it is logged nowhere');
      assert.ok(page.includes(`\n| \`${event}\` |`), 'it is in no table of docs/operate/observability.md');
      assert.ok(page.includes(`"event":"${event}"`), 'it has no example in docs/operate/observability.md');
    });
  }

  test('has in its example the message that the code gives it', () => {
    const examples = [...page.matchAll(/"event":"(\w+)","message":"([^"\\]*)",/g)].filter(([, event]) => !ofErrors.includes(event));

    const strange = examples.filter(
      ([, event, message]) => !sources.some((text) => [event, message].every((part) => text.includes(`'${part}'`))),
    );

    assert.ok(examples.length > 0);
    assert.deepEqual(
      strange.map(([example]) => example),
      [],
    );
  });

  test('that is documented is one', () => {
    const documented = [...page.matchAll(/"event":"(\w+)"/g)].map(([, event]) => event);

    assert.deepEqual([...new Set(documented)].sort(), [...events].sort());
  });
});
