import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { errors } from '../../../lib/errors.ts';
import { api } from '../../../lib/http/api.ts';
import { operationsOf, parseDescription, readDescriptionText, resolve } from '../../../lib/openapi/description.ts';
import packageJson from '../../../package.json' with { type: 'json' };

const text = readDescriptionText();
const description = parseDescription(text);

/** That of a topic which does not exist, in version 3. */
const TOPIC_NOT_FOUND_V3 = 40403;

suite('openapi.yaml', () => {
  test('has no anchor twice, which PyYAML refuses', () => {
    const anchors = [...text.matchAll(/(?<=[:-] )&\w+/g)].map(([anchor]) => anchor);

    assert.deepEqual(
      anchors.filter((anchor, i) => anchors.indexOf(anchor) < i),
      [],
    );
  });

  test('has every route of the API, and no other', () => {
    const routes = operationsOf(description).map(({ route }) => route);

    assert.deepEqual(routes.sort(), [...api].sort());
  });

  test('has the parameters of each path', () => {
    for (const { path, parameters } of operationsOf(description)) {
      const names = parameters.filter((one) => one.in === 'path').map(({ name }) => `{${name}}`);

      assert.deepEqual(names, path.match(/\{\w+\}/g) ?? [], path);
    }
  });

  test('has every error code of the gateway, and no other', () => {
    const described = Object.values(description.components.responses).flatMap(({ content = {} }) =>
      (content['application/vnd.kafka.v2+json'].schema.allOf ?? []).flatMap(({ properties }) => properties?.error_code.enum ?? []),
    );

    // That of a method which a path does not have is no operation's.
    const codes = Object.values(errors).flatMap(({ code }) => (code === 405 ? [] : [code]));
    assert.deepEqual(described.map(Number).sort(), [...new Set([...codes, TOPIC_NOT_FOUND_V3])].sort());
  });

  test('has each code at its status', () => {
    const statuses = new Map<number, number>(Object.values(errors).map(({ code, status }) => [code, status]));
    statuses.set(TOPIC_NOT_FOUND_V3, 404);

    for (const { operation } of operationsOf(description)) {
      for (const [status, response] of Object.entries(operation.responses).filter(([one]) => one >= '400')) {
        const { content = {} } = resolve(description, response);
        const [, { properties = {} }] = content['application/vnd.kafka.v2+json'].schema.allOf ?? [];

        for (const code of properties.error_code.enum ?? []) assert.equal(status, String(statuses.get(Number(code))), `${code}`);
      }
    }
  });

  test('has the version of the package', () => {
    assert.equal(description.info.version, packageJson.version);
  });
});

test('a reference that leads nowhere is an error', () => {
  assert.throws(() => resolve(description, { $ref: '#/components/responses/Nothing' }), /leads nowhere/);
});
