import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import Versions from '../../../../infra/plugins/versions.ts';

/** What the version of a function is made of. */
interface Made {
  zip?: string;
  subnets?: string;
  alarmTopic?: string;
  properties?: object;
}

type Functions = Record<string, { package: { artifact: string }; targetAlias?: { name: string; logicalId: string } }>;

/** The template after the plugin, of one function. */
async function templateWith(t: TestContext, { zip = 'zip', subnets = '', alarmTopic = '', properties = {} }: Made = {}) {
  const serviceDir = await mkdtemp(join(tmpdir(), 'versions-'));
  t.after(() => rm(serviceDir, { recursive: true }));
  await writeFile(join(serviceDir, 'list-offsets.zip'), zip);
  const template = {
    Parameters: { VpcSubnetIds: { Type: 'CommaDelimitedList', Default: subnets }, AlarmTopicArn: { Type: 'String', Default: alarmTopic } },
    Conditions: { InVpc: { 'Fn::Not': [{ 'Fn::Equals': [{ 'Fn::Select': [0, { Ref: 'VpcSubnetIds' }] }, ''] }] } },
    Resources: {
      ListDashoffsetsLambdaFunction: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Code: { S3Key: String(Math.random()) },
          MemorySize: 256,
          VpcConfig: { 'Fn::If': ['InVpc', { SubnetIds: { Ref: 'VpcSubnetIds' } }, { Ref: 'AWS::NoValue' }] },
          ...properties,
        },
      },
    },
  };
  const functions: Functions = { 'list-offsets': { package: { artifact: 'list-offsets.zip' } } };
  const { hooks } = new Versions({ serviceDir, service: { functions, provider: { compiledCloudFormationTemplate: template } } });
  await hooks['before:package:compileFunctions']();
  await hooks['after:aws:package:finalize:mergeCustomProviderResources']();
  return { functions, resources: Object.entries<{ Type: string; Properties: object }>(template.Resources) };
}

async function versionOf(t: TestContext, made?: Made): Promise<string> {
  const { resources } = await templateWith(t, made);
  const [id = ''] = resources.find(([, { Type }]) => Type === 'AWS::Lambda::Version') ?? [];
  return id;
}

suite('packaged functions', () => {
  test('are called by their alias by whatever the framework makes', async (t) => {
    const { functions } = await templateWith(t);

    assert.deepEqual(functions['list-offsets'].targetAlias, { name: 'live', logicalId: 'ListOffsetsLive' });
  });

  test('have a version and its alias', async (t) => {
    const { resources } = await templateWith(t);

    const [, [version], [alias, { Properties }]] = resources;
    assert.match(version, /^ListOffsetsVersion[0-9a-f]{16}$/);
    assert.deepEqual([resources.length, alias], [3, 'ListOffsetsLive']);
    assert.deepEqual(Object(Properties).FunctionVersion, { 'Fn::GetAtt': [version, 'Version'] });
  });

  test('have an alarm on the version where CodeDeploy moves the alias', async (t) => {
    t.mock.property(process, 'env', { ROLLOUT: 'Canary10Percent5Minutes' });

    const { resources } = await templateWith(t);

    assert.deepEqual(
      resources.slice(2).map(([id]) => id),
      ['ListOffsetsLive', 'ListOffsetsErrorsAlarm'],
    );
  });
});

suite('the version of a function', () => {
  const changes: [what: string, made: Made][] = [
    ['its code', { zip: 'other' }],
    ['its properties', { properties: { MemorySize: 512 } }],
    ['a parameter that it depends on', { subnets: 'subnet-1' }],
  ];
  for (const [what, made] of changes) {
    test(`is another with a change of ${what}`, async (t) => {
      assert.notEqual(await versionOf(t, made), await versionOf(t));
    });
  }

  const others: [what: string, made: Made][] = [
    ['the place of its zip alone', {}],
    ['a parameter of something else', { alarmTopic: 'arn:aws:sns:eu-west-1:123456789012:alarms' }],
    ['how many of it may run', { properties: { ReservedConcurrentExecutions: 5 } }],
    ['its tags', { properties: { Tags: [{ Key: 'a', Value: 'b' }] } }],
  ];
  for (const [what, made] of others) {
    test(`is the same with a change of ${what}: Lambda publishes none twice in a row`, async (t) => {
      assert.equal(await versionOf(t, made), await versionOf(t));
    });
  }
});
