import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { resourcesFor } from '../../../../infra/template/resources.ts';
import { errorsAlarmOf, isGradual } from '../../../../infra/template/rollout.ts';
import { templateFor } from '../../../../infra/template/template.ts';

const codeDeployIn = (environment: Record<string, string>) =>
  Object.entries(resourcesFor(environment).Resources).filter(([, { Type }]) => Type.startsWith('AWS::CodeDeploy::'));

suite('requests are moved to a new version', () => {
  for (const ROLLOUT of ['', 'AllAtOnce']) {
    test(`at once, and without CodeDeploy, with ROLLOUT=${ROLLOUT}`, () => {
      assert.equal(isGradual({ ROLLOUT }), false);
      assert.deepEqual(codeDeployIn({ ROLLOUT }), []);
      assert.equal(resourcesFor({ ROLLOUT }).Resources.RolloutRole, undefined);
    });
  }

  for (const ROLLOUT of ['Canary10Percent5Minutes', 'Canary10Percent30Minutes', 'Linear10PercentEvery1Minute']) {
    test(`part by part with ROLLOUT=${ROLLOUT}, each function by a group of its own`, () => {
      const { functions, resources } = templateFor({ ROLLOUT });
      const groups = Object.values(resources.Resources).filter(({ Type }) => Type === 'AWS::CodeDeploy::DeploymentGroup');

      assert.equal(groups.length, Object.keys(functions).length);
      for (const { Properties } of groups) assert.equal(Properties.DeploymentConfigName, `CodeDeployDefault.Lambda${ROLLOUT}`);
    });
  }

  for (const ROLLOUT of ['canary', 'allAtOnce', 'Canary10Percent7Minutes', 'Linear20PercentEvery1Minute']) {
    test(`in no way that CodeDeploy does not know, such as ${ROLLOUT}`, () => {
      assert.throws(() => templateFor({ ROLLOUT }), /^Error: ROLLOUT must be one of AllAtOnce, Canary10Percent5Minutes, .*Linear/);
    });
  }
});

suite('a version is taken back', () => {
  const { Resources } = resourcesFor({ ROLLOUT: 'Canary10Percent5Minutes' });
  const { AlarmConfiguration, AutoRollbackConfiguration } = Resources.ProduceRollout.Properties;
  const ifThereAreSome = (id: string) => ({ 'Fn::If': ['HasFaultsAlarms', { Name: { Ref: id } }, { Ref: 'AWS::NoValue' }] });

  test('when requests fail, when the HTTP API fails, and when the new version itself does', () => {
    assert.deepEqual(AlarmConfiguration, {
      Enabled: true,
      Alarms: [ifThereAreSome('FaultsAlarm'), ifThereAreSome('ApiFaultsAlarm'), { Name: { Ref: 'ProduceErrorsAlarm' } }],
    });
    assert.deepEqual(AutoRollbackConfiguration, {
      Enabled: true,
      Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
    });
  });

  test('by alarms that are there whether somebody is told of them or not', () => {
    const alarms = readFileSync('infra/stack/alarms.yml', 'utf8');

    for (const id of ['FaultsAlarm', 'ApiFaultsAlarm']) {
      assert.match(alarms, new RegExp(`\n  ${id}:\n    Type: AWS::CloudWatch::Alarm\n    Condition: HasFaultsAlarms\n`));
    }
    assert.match(alarms, /HasFaultsAlarms: !Or \[!Condition HasAlarmTopic, !Condition HasRollout\]/);
  });

  test('by an alarm on that version alone, by its alias', () => {
    const { ProduceErrorsAlarm } = errorsAlarmOf('produce', 'ProduceVersion1');

    const { Namespace, MetricName, Dimensions, AlarmDescription } = ProduceErrorsAlarm.Properties;
    assert.deepEqual([Namespace, MetricName], ['AWS/Lambda', 'Errors']);
    assert.deepEqual(Dimensions, [
      { Name: 'FunctionName', Value: { Ref: 'ProduceLambdaFunction' } },
      { Name: 'Resource', Value: { 'Fn::Sub': ['$', '{ProduceLambdaFunction}:live'].join('') } },
      { Name: 'ExecutedVersion', Value: { 'Fn::GetAtt': ['ProduceVersion1', 'Version'] } },
    ]);
    const anchor = /runbook\.md#(\S+)$/.exec(String(AlarmDescription))?.[1].replaceAll('-', ' ') ?? '';
    assert.match(readFileSync('docs/operate/runbook.md', 'utf8'), new RegExp(`^## ${anchor}$`, 'im'));
  });

  test('by a role that moves these aliases, looks at alarms, and does nothing else', () => {
    const { Policies } = Resources.RolloutRole.Properties;
    const [{ PolicyDocument }] = Array.isArray(Policies) ? Policies : [];

    const [aliases, alarms] = PolicyDocument.Statement;
    assert.equal(PolicyDocument.Statement.length, 2);
    assert.deepEqual(aliases.Action, ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias']);
    assert.equal(JSON.stringify(aliases.Resource).includes('*'), false);
    assert.equal(alarms.Action, 'cloudwatch:DescribeAlarms');
  });

  test('by a role that refers to no function, some of which refer to the alias of another', () => {
    const { Policies } = Resources.RolloutRole.Properties;

    assert.ok(!JSON.stringify(Policies).includes('LambdaFunction'));
  });
});
