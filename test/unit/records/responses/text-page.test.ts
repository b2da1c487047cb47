import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { whole } from '../../../../lib/kafka/record.ts';
import { renderPage } from '../../../../lib/records/responses/render-page.ts';
import { textPage } from '../../../../lib/records/responses/text-page.ts';

/** The page with one record of this content. */
function pageOf(content: string): string {
  const record = { offset: 7, timestamp: 1000, key: null, value: whole(Buffer.from(content)), headers: null };
  const layout = textPage((value) => value, false);
  return renderPage([{ topic: 'orders', partition: 0, records: [record] }], layout, 1_000_000).out.toString();
}

/** Breaks as readers with universal newlines see them. */
const BREAK = /\r\n|\n|\r/;

test('a line break in the content is followed by a space, whatever it is made of', () => {
  for (const [content, folded] of [
    ['a\nb', 'a\n b'],
    ['a\r\nb', 'a\r\n b'],
    ['a\rb', 'a\r b'],
    ['\r\r\n\n\r', '\r \r\n \n \r '],
    ['a\ritem\nid: none', 'a\r item\n id: none'],
  ]) {
    assert.ok(pageOf(content).includes(`\ncontent: ${folded}\nheaders: `), JSON.stringify(pageOf(content)));
  }
});

test('whatever the content, the lines of a page are its own, and the content is found again', () => {
  const text = fc.array(fc.constantFrom('\r', '\n', ' ', 'item', 'id: x', 'a', 'é')).map((parts) => parts.join(''));

  fc.assert(
    fc.property(text, (content) => {
      const page = pageOf(content);

      const own = page.split(BREAK).filter((line) => !line.startsWith(' '));
      assert.deepEqual(
        own.map((line) => line.split(':')[0]),
        ['items', 'item', 'id', 'content', 'headers', 'metadata', ''],
      );
      const folded = page.slice(page.indexOf('\ncontent: ') + 10, page.indexOf('\nheaders: '));
      assert.equal(folded.replaceAll(/(\r\n|\n|\r) /g, '$1'), content);
    }),
  );
});
