import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortened, visible } from '../../../../lib/console/page/visible.ts';

test('what cannot be seen stands as its escape, but for line breaks and tabs', () => {
  assert.equal(visible('a\0b\u202ec\u200bd\u{e0001}\n\té'), 'a\\u{0}b\\u{202e}c\\u{200b}d\\u{e0001}\n\té');
});

test('emoji of several parts, and words of scripts with joiners, stand as they are', () => {
  const written = '👩\u200d👩\u200d👧 🏳\ufe0f\u200d🌈 👩🏽\u200d💻 می\u200cخواهم क्\u200dष';

  assert.equal(visible(written), written);
});

test('a joiner that joins nothing that one sees stands as its escape', () => {
  assert.equal(visible('pay\u200dpal \u200d👩 👩\u200d!'), 'pay\\u{200d}pal \\u{200d}👩 👩\\u{200d}!');
});

test('a long text is cut', () => {
  assert.deepEqual([shortened('abc', 3), shortened('abcd', 3)], ['abc', 'abc…']);
});
