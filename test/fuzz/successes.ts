import assert from 'node:assert/strict';
import type { RouteKey } from '../../lib/http/api.ts';
import { type DescribedOperation, operationsOf, parseDescription, readDescriptionText } from '../../lib/openapi/description.ts';
import type { Answer } from '../harness/http/gateway.ts';
import { Conformity } from '../harness/openapi/conformity.ts';
import { judgeReplies } from './pubsub-successes.ts';
import type { Shape } from './shape.ts';
import { object } from './shape.ts';
import { pageEnd, pageItem, v2Successes } from './v2-successes.ts';
import { judgeLines, v3Successes } from './v3-successes.ts';

const JSON_TYPES = /^application\/(json|vnd\.kafka\.v2\+json)$/;
const RECORD_TYPES = /^application\/vnd\.kafka(\.(binary|json|text))?\.v2\+json$/;
const PAGE_TYPES = /^(application\/(json|x-ndjson|vnd\.kafka\.v2\+json)|text\/plain)$/;
const PUBSUB_TYPES = /^application\/(json|x-protobuf(; encoding=delimited)?)$/;

/** Statuses of success that are not 200 alone. */
const statuses: { readonly [Key in RouteKey]?: readonly number[] } = {
  'POST /topics/{topic}': [200, 204],
  'POST /topics/{topic}/partitions/{partition}': [200, 204],
  'POST /records': [200, 204],
  'POST /admin/topics': [201],
  'POST /v3/clusters/{cluster}/topics': [200, 201],
  'POST /v3/clusters/{cluster}/topics/{topic}/records:batch': [207],
  'DELETE /v3/clusters/{cluster}/topics/{topic}': [204],
  'DELETE /groups/{group}': [204],
  'DELETE /groups/{group}/offsets': [204],
};

/** Closer than the description of the API, which holds for routes that are not here. */
const shapes: { readonly [Key in RouteKey]?: Shape } = { ...v2Successes, ...v3Successes };

const description = parseDescription(readDescriptionText());
const conformity = new Conformity(description);
const operations = new Map<string, DescribedOperation>(operationsOf(description).map((operation) => [operation.route, operation]));

/** Checks the answer of a route that did what it was asked for: its status, its media type and its body. */
export function judgeSuccess(route: RouteKey, answer: Answer): void {
  if (!hasOwnJudge(route)) {
    judgeByDescription(route, answer);
    return;
  }
  const { status, headers, text } = answer;
  assert.ok((statuses[route] ?? [200]).includes(status), `${status} of ${route}`);
  if (status === 204) {
    assert.deepEqual([text, 'content-type' in headers], ['', false]);
    return;
  }
  const mediaType = headers['content-type'];
  if (route === 'POST /pubsub') {
    assert.match(mediaType, PUBSUB_TYPES);
    judgeReplies(mediaType, text);
    return;
  }
  if (route === 'GET /docs') {
    assert.match(mediaType, /^text\/html; charset=utf-8$/);
    return;
  }
  assert.match(mediaType, typesOf(route));
  if (route === 'POST /v3/clusters/{cluster}/topics/{topic}/records') judgeLines(text);
  else if (mediaType === 'application/x-ndjson') judgeNdjson(text);
  else if (mediaType === 'text/plain') judgeTextPage(text);
  else judgeShape(route, answer);
  if (/\/(records|messages)$/.test(route) && route.startsWith('GET')) assert.match(headers.link, /^<\?[!-~]+>; rel="next"$/);
  if (status === 201 && route !== 'POST /admin/topics') assert.match(headers.location, /\/v3\/clusters\/[!-~]+\/topics\/[!-~]+$/);
}

const hasOwnJudge = (route: RouteKey): boolean => route in shapes || route in statuses || route === 'POST /pubsub' || route === 'GET /docs';

function judgeShape(route: RouteKey, answer: Answer): void {
  const shape = shapes[route];
  if (shape !== undefined) shape(answer.json, route);
  else judgeByDescription(route, answer);
}

function judgeByDescription(route: RouteKey, answer: Answer): void {
  const operation = operations.get(route);
  assert.ok(operation !== undefined, `${route} is not described`);
  conformity.assertDescribed(operation, answer);
}

function typesOf(route: RouteKey): RegExp {
  if (route.includes('/v3/')) return /^application\/json$/;
  if (route === 'GET /topics/{topics}/records') return PAGE_TYPES;
  return /\/partitions\/\{partition\}\/(records|messages)$/.test(route) ? RECORD_TYPES : JSON_TYPES;
}

/** A line for each record, and one that ends the page. */
function judgeNdjson(text: string): void {
  assert.ok(text.endsWith('\n'), text);
  const lines = text.slice(0, -1).split('\n');
  object(pageEnd)(JSON.parse(lines[lines.length - 1]), 'the last line');
  for (const [i, line] of lines.slice(0, -1).entries()) pageItem(JSON.parse(line), `line ${i}`);
}

const NAMED_LINE = /^(id|content|content-base64|headers|metadata|nextCursor|limit|lag|gaps): |^(content|lag): ?$/;

/** Whatever records hold, no line of theirs passes for one of the page's. */
function judgeTextPage(text: string): void {
  const [first, ...lines] = text.split('\n');
  assert.deepEqual([first, lines.pop()], ['items', '']);
  const end = lines.lastIndexOf('pagination');
  assert.equal(lines[end - 1], '');
  for (const line of lines.slice(0, end - 1)) assert.ok(line === 'item' || line.startsWith(' ') || NAMED_LINE.test(line), line);
  for (const line of lines.slice(end + 1)) assert.match(line, NAMED_LINE);
}
