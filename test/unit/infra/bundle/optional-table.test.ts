import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { OPTIONAL } from '../../../../infra/bundle/optional-table.ts';
import { deployedRows } from '../../../../infra/template/functions.ts';
import { streamEntry } from '../../../../infra/template/streams.ts';

/** Variables that choose what is built and deployed, by their words. */
const WORDS = [
  { GATEWAY_AUTH: 'passthrough', GATEWAY_PUSH: 'continuous' },
  { GATEWAY_AUTH: 'none', KAFKA_SASL_MECHANISM: 'AWS_MSK_IAM', KAFKA_MSK_ROLE_ARN: 'arn:aws:iam::1:role/a' },
  { GATEWAY_CONSUMERS: 'dynamodb' },
  { GATEWAY_TRACING: 'otlp' },
  { GATEWAY_PUSH: 'off' },
  { GATEWAY_CONSOLE: 'off', GATEWAY_STREAMS: 'off' },
];

const builtWith = (environment: Record<string, string>) => ({
  modules: [...OPTIONAL].filter(([, { when }]) => when(environment)).map(([name]) => name),
  functions: deployedRows(environment).map(([name]) => name),
  streams: streamEntry(environment),
});

suite('what is deployed', () => {
  for (const environment of WORDS) {
    test(`reads words as the gateway does, in any case and with whitespace: ${JSON.stringify(environment)}`, () => {
      const capitals = Object.fromEntries(
        Object.entries(environment).map(([name, value]) => [name, value.startsWith('arn:') ? value : ` ${value.toUpperCase()}\r`]),
      );

      assert.deepEqual(builtWith(capitals), builtWith(environment));
    });
  }
});

suite('what zips hold', () => {
  const holds = (module: string, environment: Record<string, string>) =>
    builtWith(environment).modules.some((name) => name.endsWith(module));

  for (const [name, value, held] of [
    ['GATEWAY_ROW_FILTERS', 'orders: key == {claim.tenant}', true],
    ['GATEWAY_ROW_FILTERS', '', false],
    // It may set row filters while the functions run.
    ['GATEWAY_CONFIG_PARAMETER', '/kafka-gateway/prod', true],
  ] as const) {
    test(`is ${held ? '' : 'not '}what row filters need with ${name}=${value}`, () => {
      assert.equal(holds('claimed-records.optional.ts', { [name]: value }), held);
    });
  }

  test('is what assumes a role only for a deployment that assumes one', () => {
    const msk = { KAFKA_SASL_MECHANISM: 'AWS_MSK_IAM' };

    const held = [{ ...msk, KAFKA_MSK_ROLE_ARN: 'arn:aws:iam::1:role/a' }, msk].map((environment) =>
      holds('assumed-role.optional.ts', environment),
    );

    assert.deepEqual(held, [true, false]);
  });
});
