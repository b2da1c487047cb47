import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { parseDescription, readDescriptionText } from '../../../lib/openapi/description.ts';
import { renderPage } from '../../../lib/openapi/page.ts';

const { html, styleHash } = renderPage(parseDescription(readDescriptionText()));

test('the hash is that of the style in the page', () => {
  const [, style] = /<style>(.*?)<\/style>/s.exec(html) ?? [];

  assert.equal(styleHash, `sha256-${createHash('sha256').update(style).digest('base64')}`);
});

test('there is nothing in the page that is loaded or run', () => {
  assert.doesNotMatch(html, /<(script|link|img|iframe|form|base|object)\b|\son\w+=|style=|@import|url\(/i);
});

test('every tag that is opened is closed', () => {
  const open: string[] = [];
  for (const [, slash, name] of html.matchAll(/<(\/?)([a-z][a-z\d]*)[^>]*>/g)) {
    if (name === 'meta') continue;
    if (slash === '') open.push(name);
    else assert.equal(open.pop(), name);
  }

  assert.deepEqual(open, []);
});
