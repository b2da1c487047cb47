import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, afterEach, before, beforeEach, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { checkAccessibility, keepScreenshot, type Opened } from '../../harness/browser/console.ts';
import { type ServedConsole, serveConsole } from '../../harness/browser/served-console.ts';
import { configure } from '../../harness/http/gateway.ts';
import { sharedKafka } from '../../harness/kafka/shared-kafka.ts';
import { startStandIn } from '../../harness/schema-registry/stand-in.ts';

const execute = promisify(execFile);
const TOPIC = 'console-orders';
const HOSTILE = ['<img src=x onerror="document.title=1">', '\u202Eevil\u202C\u0000', '{"__proto__":{"x":1}}'];

const SCHEMA = { type: 'record', name: 'Reading', fields: [{ name: 'celsius', type: 'double' }] };
const registry = await startStandIn(({ line }) =>
  /\/(versions\/latest|schemas\/ids\/7)/.test(line)
    ? { status: 200, body: { subject: 'readings', id: 7, version: 1, schema: JSON.stringify(SCHEMA) } }
    : { status: 404, body: { error_code: 40401, message: 'not found' } },
);

configure(sharedKafka(), { GATEWAY_AUTH: 'none', GATEWAY_CONSOLE: 'write', SCHEMA_REGISTRY_URL: registry.url });

let served: ServedConsole;
let opened: Opened;

const post = async (path: string, contentType: string, body: string): Promise<void> => {
  const response = await fetch(`${served.url}${path}`, { method: 'POST', headers: { 'content-type': contentType }, body });
  assert.ok(response.ok, await response.text());
};

suite('the console', () => {
  before(async () => {
    served = await serveConsole();
    await post('/admin/topics', 'application/json', JSON.stringify({ topic_name: TOPIC, partitions_count: 3 }));
    const records = Array.from(
      { length: 120 },
      (_, i) => `{"key":"order-${i}","value":{"id":${i},"total":9007199254740993.10,"customer":{"id":${i % 7}}}}`,
    );
    await post(`/topics/${TOPIC}`, 'application/vnd.kafka.json.v2+json', `{"key_format":"text","records":[${records.join()}]}`);
  });
  after(() => served?.stop());
  beforeEach(async () => {
    opened = await served.open();
  });
  afterEach(() => opened.close());

  test('a topic is found by a part of its name, which is in the address', async () => {
    const { page, fill, click, text } = opened;

    await fill('Search', 'sole-ord');
    const address = page.url();
    await checkAccessibility(page);
    await click(TOPIC);

    assert.match(address, /#\/topics\?q=sole-ord$/);
    assert.equal(await text('h1'), TOPIC);
  });

  test('the newest records come first, each once, as they were sent', async () => {
    const { page, show, shows, click } = opened;
    const seen: string[] = [];

    await show(`#/topics/${TOPIC}`);
    for (const count of ['50 records', '50 records', '20 records']) {
      await shows(count);
      seen.push(...(await page.$$eval('tbody tr td:nth-child(4)', (cells) => cells.map((cell) => cell.textContent ?? ''))));
      if (count === '50 records') await click('Older records');
    }

    assert.ok(seen.length >= 60, `${seen.length}`);
  });

  test('a record shows all of its digits', async () => {
    const { page, show, text } = opened;

    await show(`#/topics/${TOPIC}?open=0%230`);
    const value = await text('section[aria-label=Value]');
    await checkAccessibility(page);
    await keepScreenshot(page, 'record');

    assert.match(value, /^\{\n {2}"id": \d+,\n {2}"total": 9007199254740993\.10,/);
  });

  test('keys and values that are hostile are text', async () => {
    const { page, show, text } = opened;
    const topic = 'console-hostile';
    await post('/admin/topics', 'application/json', JSON.stringify({ topic_name: topic, partitions_count: 1 }));
    const records = HOSTILE.map((one) => ({ key: one, value: one, headers: [{ key: one, value: Buffer.from(one).toString('base64') }] }));
    await post(`/topics/${topic}`, 'application/vnd.kafka.text.v2+json', JSON.stringify({ records }));

    await show(`#/topics/${topic}?format=text&open=0%230`);
    const markup = await text('section[aria-label=Value]');
    await show(`#/topics/${topic}?format=text&open=0%231`);
    const bidi = await text('section[aria-label=Value]');

    assert.match(markup, /<img src=x onerror=/);
    assert.equal(await page.$('img'), null);
    assert.match(bidi, /u\{202e\}evil/);
  });

  test('a value of a schema that is read as JSON says how to read it, and other bytes do not', async () => {
    const { show, text } = opened;
    const topic = 'console-framed';
    await post('/admin/topics', 'application/json', JSON.stringify({ topic_name: topic, partitions_count: 1 }));
    const records = [
      [0, 0, 0, 1, 2, 6],
      [0, 1],
      [1, 0, 0, 0, 1, 6],
    ].map((bytes) => ({ value: Buffer.from(bytes).toString('base64') }));
    await post(`/topics/${topic}`, 'application/vnd.kafka.binary.v2+json', JSON.stringify({ records }));

    const told: string[] = [];
    for (const offset of [0, 1, 2]) {
      await show(`#/topics/${topic}?open=0%23${offset}`);
      told.push(await text('section[aria-label=Record]'));
    }

    assert.match(told[0], /The value begins as one with schema 258 of a registry does: choose Avro, JSON Schema or Protobuf/);
    assert.doesNotMatch(told[1] + told[2], /schema/);
  });

  test('a filter is a chip in the address, is kept for the next time, and goes away again', async () => {
    const { page, show, fill, click, shows } = opened;

    await show(`#/topics/${TOPIC}`);
    await fill('Filter', 'value.customer.id==3');
    await click('Add filter', 'button');
    await shows('17 records');
    const address = page.url();
    await checkAccessibility(page);
    await keepScreenshot(page, 'records');
    await click('Keep filter value.customer.id==3', 'button');
    await click('Remove filter value.customer.id==3', 'button');
    await shows('50 records');
    const focused = await page.evaluate('document.activeElement.placeholder');
    await page.reload();
    await click('Add kept filter value.customer.id==3', 'button');
    await shows('17 records');
    await checkAccessibility(page);
    await click('Keep filter value.customer.id==3', 'button');
    await page.waitForSelector('[aria-pressed=false]');
    await click('Remove filter value.customer.id==3', 'button');
    await shows('50 records');
    const keptOnes = await page.evaluate("localStorage.getItem('kafka-console-filters')");

    assert.match(address, /filter=value\.customer\.id%3D%3D3/);
    assert.equal(focused, 'value.total>10');
    assert.equal(keptOnes, '[]');
  });

  test('a place is gone to, what is shown is saved with every digit, and a shell asks for the same', async () => {
    const { page, show, fill, click, shows, text } = opened;
    await page.evaluateOnNewDocument(
      'URL.createObjectURL = (blob) => { blob.text().then((text) => { window.saved = text; }); return "data:,"; }',
    );

    await show(`#/topics/${TOPIC}`);
    await page.reload();
    await fill('Offset or time (UTC)', '5');
    await click('Go there', 'button');
    await shows('From offset:5');
    await page.waitForSelector('tbody tr');
    const address = page.url();
    const offsets = await page.$$eval('tbody th', (cells) => cells.map(({ textContent }) => Number(textContent)));
    await click('Save NDJSON', 'button');
    await page.waitForFunction('window.saved');
    const saved: unknown[] = String(await page.evaluate('window.saved'))
      .trim()
      .split('\n');
    await click('Copy as curl', 'button');
    const command = await page.$eval('textarea[aria-label=Copied]', (copied) => String(Reflect.get(copied, 'value')));
    const { stdout } = await execute('sh', ['-c', command]);
    const { items }: { items: { offset: number }[] } = JSON.parse(stdout);
    await fill('Partition', '1');
    await page.keyboard.press('Tab');
    await page.waitForFunction("[...document.querySelectorAll('tbody td:nth-child(2)')].every(({ textContent }) => textContent === '1')");
    const ofPartition = page.url();
    await show(`#/topics/${TOPIC}?from=2099-01-01T00:00:00Z`);
    await shows('No records');
    await show(`#/topics/${TOPIC}?from=yesterday`);
    const refused = await text('[role=alert]');
    await show(`#/topics/${TOPIC}/partitions`);
    await shows('In the last minute');

    assert.match(address, /from=offset%3A5/);
    assert.match(ofPartition, /from=offset%3A5&partition=1/);
    assert.ok(offsets.length > 0 && offsets.every((offset) => offset >= 5), `${offsets}`);
    assert.ok(saved.length === 50 && saved.every((line) => String(line).includes('9007199254740993.10')), `${saved}`);
    assert.deepEqual(
      items.slice(0, offsets.length).map(({ offset }) => offset),
      offsets,
    );
    assert.match(refused, /Status 400/);
  });

  test('a topic is found by Ctrl-K, wherever one is', async () => {
    const { page, show, text } = opened;

    await show('#/health');
    await page.keyboard.down('Control');
    await page.keyboard.press('k');
    await page.keyboard.up('Control');
    await page.keyboard.type('console-orde');
    await page.waitForSelector('dialog li');
    const written = await page.$eval('dialog input', (input) => ('value' in input ? input.value : null));
    await checkAccessibility(page);
    await page.keyboard.press('Enter');
    await page.waitForSelector('nav[aria-label=Topic]');

    assert.equal(written, 'console-orde');
    assert.equal(await text('h1'), TOPIC);
  });

  test('a value is written with a schema, and one that does not fit it is told of', async () => {
    const { page, show, fill, choose, click, shows, text } = opened;
    const topic = 'console-readings';
    await post('/admin/topics', 'application/json', JSON.stringify({ topic_name: topic, partitions_count: 1 }));

    await show(`#/topics/${topic}/produce`);
    await choose('Format of the value', 'avro');
    await fill('Record value', '{"celsius":"hot"}');
    await click('Produce', 'button');
    const refused = await text('[role=alert]');
    await fill('Record value', '{"celsius":21.5}');
    await checkAccessibility(page);
    await click('Produce', 'button');
    await shows('Written to partition 0 at offset');
    await show(`#/topics/${topic}?format=avro&open=0%230`);

    assert.match(refused, /celsius.*Status 422/);
    assert.match(await text('section[aria-label=Value]'), /"celsius": 21\.5/);
    assert.ok(registry.seen.some(({ line }) => line.includes('/subjects/console-readings-value/versions/latest')));
  });

  test('a record is produced with every digit, and a fault is told before it is sent', async () => {
    const { page, show, fill, click, shows, text } = opened;

    await show(`#/topics/${TOPIC}/produce`);
    await fill('Record value', '{"id":');
    await click('Produce', 'button');
    await shows('The value is not JSON');
    await fill('Partition, if not by key', '1');
    await fill('Key, if any', 'made by hand');
    await fill('Record value', '{"id":12345678901234567890}');
    await fill('Headers, one a line: name: value', 'source: console ✓');
    await click('Produce', 'button');
    await shows('Written to partition 1 at offset');
    const [, offset] = /at offset (\d+)/.exec(await text('form [role=status]')) ?? [];
    await checkAccessibility(page);
    await show(`#/topics/${TOPIC}?open=1%23${offset}`);

    assert.equal(await text('section[aria-label=Value]'), '{\n  "id": 12345678901234567890\n}');
    assert.match(await text('section[aria-label=Record] table'), /source.*console ✓/);
  });

  test('a group is moved after a preview, by its name', async () => {
    const { page, show, fill, click, shows } = opened;
    const group = 'console-billing';
    const offsets = [0, 1, 2].map((partition) => ({ topic: TOPIC, partition, offset: 5 }));
    const path = `${served.url}/groups/${group}/offsets`;
    await fetch(path, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ offsets }) });

    await show('#/groups');
    await click(group);
    await shows('Lag in all');
    await click('Preview', 'button');
    await page.waitForSelector('table[aria-label=Preview]');
    const isLocked = await page.$eval('section[aria-label=Reset] form:last-of-type button', ({ disabled }) => disabled);
    await fill('Name of the group, to confirm', group);
    await checkAccessibility(page);
    await keepScreenshot(page, 'group');
    await click('Reset the group', 'button');
    await page.waitForFunction("!document.querySelector('table[aria-label=Preview]')");

    const { offsets: moved }: { offsets: { offset: number }[] } = JSON.parse(await (await fetch(path)).text());
    assert.equal(isLocked, true);
    assert.deepEqual(
      moved.map(({ offset }) => offset),
      [0, 0, 0],
    );
  });

  test('a topic and a group are deleted by their names, and not without', async () => {
    const { page, show, fill, click, shows } = opened;
    const [topic, group] = ['console-unwanted', 'console-unwanted-group'];
    await post('/admin/topics', 'application/json', JSON.stringify({ topic_name: topic, partitions_count: 1 }));
    const offsets = [{ topic, partition: 0, offset: 0 }];
    const path = `${served.url}/groups/${group}/offsets`;
    await fetch(path, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ offsets }) });

    await show(`#/groups/${group}`);
    await shows('Delete the group');
    await fill('Name of the group to delete, to confirm', 'console');
    const isLocked = await page.$eval('section[aria-label=Deletion] button', ({ disabled }) => disabled);
    await fill('Name of the group to delete, to confirm', group);
    await click('Delete the group', 'button');
    await page.waitForFunction("location.hash === '#/groups'");
    await shows('Consumer groups');
    await show(`#/topics/${topic}/settings`);
    await fill('Name of the topic to delete, to confirm', topic);
    await click('Delete the topic', 'button');
    await page.waitForFunction("location.hash === '#/topics'");

    assert.equal(isLocked, true);
    assert.equal((await fetch(`${served.url}/topics/${topic}`)).status, 404);
    assert.equal((await fetch(`${served.url}/groups/${group}`)).status, 404);
  });

  test('a view is opened by the keyboard alone', async () => {
    const { page, text } = opened;

    await page.waitForSelector('table a');
    await page.keyboard.press('Tab');
    for (let i = 0; i < 20 && !(await page.evaluate("document.activeElement.matches('tbody a')")); i++) await page.keyboard.press('Tab');
    const name = String(await page.evaluate('document.activeElement.textContent'));
    await page.keyboard.press('Enter');
    await page.waitForSelector('nav[aria-label=Topic]');

    assert.equal(await text('h1'), name);
  });

  test('on a narrow screen, no view is wider than it, and each is as accessible', async () => {
    const { page, show } = opened;
    await page.setViewport({ width: 360, height: 640 });
    const ofTopic = ['', '?live=1', '/partitions', '/settings', '/produce'].map((view) => `#/topics/${TOPIC}${view}`);

    const widths: unknown[] = [];
    for (const view of ['#/topics', ...ofTopic, '#/groups', '#/queues', '#/health', '#/you']) {
      await show(view);
      await page.waitForFunction("!/(Loading|Reading) …/.test(document.querySelector('main').textContent)");
      await checkAccessibility(page);
      widths.push(await page.evaluate('document.documentElement.scrollWidth'));
    }

    assert.deepEqual(new Set(widths), new Set([360]));
  });

  test('records come as they are written, the newest on top, also while nothing is shown', async () => {
    const { page, show, click, shows, text } = opened;
    const produce = (id: string) =>
      post(`/topics/${TOPIC}`, 'application/vnd.kafka.json.v2+json', `{"records":[{"key":"live","value":{"live":${id}}}]}`);

    await show(`#/topics/${TOPIC}`);
    await Promise.all([page.waitForResponse((response) => response.headers()['content-type'] === 'text/event-stream'), click('Live')]);
    await produce('9007199254740993');
    await shows('1 record has come');
    await produce('2');
    await shows('2 records have come');
    const first = await text('tbody tr:first-child td:last-child');
    await checkAccessibility(page);
    await click('Pause', 'button');
    await produce('3');
    await click('Go on', 'button');
    await shows('3 records have come');
    await click('Stop', 'button');
    await produce('4');
    await page.waitForSelector('button:disabled');
    const last = await text('tbody tr:first-child td:last-child');

    assert.equal(last, '{"live":3}');
    assert.equal(first, '{"live":2}');
    assert.match(await text('tbody tr:last-child'), /9007199254740993/);
  });
});
