import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { printable, quote } from '../../lib/quote.ts';

test('plain text is shown as it is', () => {
  assert.equal(quote('my topic!'), '"my topic!"');
});

test('a long text is cut', () => {
  assert.equal(quote('x'.repeat(10_000)), `"${'x'.repeat(80)}..."`);
});

test('whatever it quotes, the result is short, printable and has no quote inside', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      assert.match(quote(text), /^"[ !#-[\]-~]{0,83}"$/);
    }),
  );
});

test('what others have put together is shown in short, in ASCII', () => {
  assert.equal(printable('"a"\\ \n\u202e\u00e9'), '"a"\\ ???');
  assert.equal(printable('x'.repeat(501)).length, 500);
});
