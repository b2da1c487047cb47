import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeHtml, jsonBlock, prose } from '../../../lib/openapi/html.ts';

test('text is shown as it is', () => {
  assert.equal(escapeHtml(`<a href="x">'&'</a>`), '&#60;a href=&#34;x&#34;&#62;&#39;&#38;&#39;&#60;/a&#62;');
});

test('a description has paragraphs, lists and code', () => {
  const html = prose('One\nparagraph.\n\n- first `<b>`\n- second\n\nAnother.\n');

  assert.equal(html, '<p>One\nparagraph.</p><ul><li>first <code>&#60;b&#62;</code></li><li>second</li></ul><p>Another.</p>');
});

test('no description is nothing', () => {
  assert.equal(prose(undefined), '');
});

test('a value is JSON, on one line where that is short; a text is itself', () => {
  const long = 'x'.repeat(100);

  assert.equal(jsonBlock({ a: 1 }), '<pre>{&#34;a&#34;:1}</pre>');
  assert.equal(jsonBlock([long]), `<pre>[\n  &#34;${long}&#34;\n]</pre>`);
  assert.equal(jsonBlock('a\nb'), '<pre>a\nb</pre>');
});
