import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { versionResources } from '../../../../infra/template/alias.ts';
import { resourcesFor } from '../../../../infra/template/resources.ts';
import { everything } from '../../../../infra/template/roles.ts';
import { streamResources } from '../../../../infra/template/streams.ts';

const { Resources } = resourcesFor(everything);

suite('the alias of a function', () => {
  const version = { version: 'ProduceVersion1', codeSha256: 'abc' };

  test('leads to its newest version, which stays when the next one comes', () => {
    const { ProduceVersion1, ProduceLive } = versionResources('produce', { ...version, isGradual: false });

    assert.deepEqual([ProduceVersion1.DeletionPolicy, ProduceVersion1.UpdateReplacePolicy], ['Retain', 'Retain']);
    assert.equal(ProduceVersion1.Properties.CodeSha256, 'abc');
    assert.deepEqual(ProduceLive.Properties, {
      Name: 'live',
      FunctionName: { Ref: 'ProduceLambdaFunction' },
      FunctionVersion: { 'Fn::GetAtt': ['ProduceVersion1', 'Version'] },
    });
    assert.equal(ProduceLive.UpdatePolicy, undefined);
  });

  test('is moved by CodeDeploy where that is done part by part', () => {
    const { ProduceLive } = versionResources('produce', { ...version, isGradual: true });

    assert.deepEqual(ProduceLive.UpdatePolicy, {
      CodeDeployLambdaAliasUpdate: { ApplicationName: { Ref: 'RolloutApplication' }, DeploymentGroupName: { Ref: 'ProduceRollout' } },
    });
  });
});

suite('a function is called by its alias', () => {
  test('by the clock that wakes it, which has no right to call it otherwise', () => {
    assert.deepEqual(Object(Resources.DeliverSchedule.Properties.Target).Arn, { Ref: 'DeliverLive' });
    const rights = JSON.stringify(Resources.DeliverScheduleRole.Properties.Policies);
    assert.ok(rights.includes('{"Ref":"DeliverLive"}') && !rights.includes('LambdaFunction'), rights);
  });

  test("by Lambda's pollers of Kafka and of the queue", () => {
    assert.deepEqual(Resources.DeliverSource1.Properties.FunctionName, { Ref: 'DeliverLive' });
    assert.deepEqual(Resources.LogsRedelivery.Properties.FunctionName, { Ref: 'PushLogsLive' });
  });

  test('by CloudWatch Logs, and what fails by the alias goes to the queue', () => {
    assert.deepEqual(Resources.LogsSubscription1.Properties.DestinationArn, { Ref: 'PushLogsLive' });
    assert.deepEqual(Resources.LogsPermission.Properties.FunctionName, { Ref: 'PushLogsLive' });
    assert.equal(Resources.LogsRetries.Properties.Qualifier, 'live');
    assert.deepEqual(Resources.LogsRetries.DependsOn, ['PushLogsLive']);
  });

  test('by the REST API that streams, and by its authorizer', () => {
    const { StreamGet, StreamPermission, StreamAuthorizer, StreamAuthorizerPermission } = Resources;

    assert.match(JSON.stringify(StreamGet.Properties.Integration), /\$\{StreamTopicsLive\}\/response-streaming/);
    assert.deepEqual(StreamPermission.Properties.FunctionName, { Ref: 'StreamTopicsLive' });
    assert.match(JSON.stringify(StreamAuthorizer.Properties.AuthorizerUri), /\$\{AuthorizerLive\}\/invocations/);
    assert.deepEqual(StreamAuthorizerPermission.Properties.FunctionName, { Ref: 'AuthorizerLive' });
  });

  test('by a function URL, whose permissions are for the alias, too', () => {
    const { StreamUrl, StreamUrlPermission, StreamUrlInvokePermission } = streamResources({
      GATEWAY_STREAMS: 'url',
      GATEWAY_AUTH: 'none',
    }).Resources;

    assert.equal(StreamUrl.Properties.Qualifier, 'live');
    assert.deepEqual(StreamUrl.DependsOn, ['StreamTopicsLive']);
    for (const { Properties } of [StreamUrlPermission, StreamUrlInvokePermission]) {
      assert.deepEqual(Properties.FunctionName, { Ref: 'StreamTopicsLive' });
    }
  });
});
