import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { catalogue } from '../../../../infra/errors-page/catalogue.ts';
import { messageList } from '../../../../infra/errors-page/message-list.ts';
import { withList } from '../../../../infra/errors-page/page.ts';
import { errors } from '../../../../lib/errors.ts';
import { message } from '../../../../lib/messages/message.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/api/errors.md'), 'utf8');

test('the page of errors has the messages of the catalogue: npm run errors writes them', async () => {
  assert.equal(page, withList(page, messageList(await catalogue())));
});

test('a message is listed under its code, its parts by their names', () => {
  const tooLarge = message('TooLarge', (size: number) => `The record has ${size} bytes`, 'send a smaller one');

  const list = messageList([tooLarge]);

  assert.equal(list, '**413**, `413` too large\n\n- `The record has <size> bytes: send a smaller one`\n');
});

test('a number that is counted with keeps what is added to it', () => {
  const next = message('TooLarge', 'The record is too large', (offset: number) => `continue with offset ${offset + 1}`);

  const list = messageList([next]);

  assert.match(list, /continue with offset <offset \+ 1>/);
});

test('a page without markers has no place for the list', () => {
  assert.throws(() => withList('# Errors', ''), /no list/);
});

test('the table of errors has the status and code of each, and of no other', () => {
  const [, table = ''] = /## All errors\n([\s\S]*?)\n## /.exec(page) ?? [];
  const cells = [...table.matchAll(/^\| ([\d, ]+) \| ([\d, ]+|same) \|/gm)];

  const listed = cells.flatMap(([, status, codes]) =>
    (codes === 'same' ? status : codes).split(', ').map((code) => `${codes === 'same' ? code : status} ${code}`),
  );

  assert.deepEqual([...new Set(listed)].sort(), [...new Set(Object.values(errors).map(({ status, code }) => `${status} ${code}`))].sort());
});
