import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { LOGS_QUEUE } from '../../../../infra/template/push-logs.ts';
import { resourcesFor } from '../../../../infra/template/resources.ts';

const { Resources } = resourcesFor({ GATEWAY_LOG_TOPIC: 'logs', GATEWAY_LOG_GROUPS: 'access, /aws/lambda/other, access' });

suite('entries of log groups', () => {
  test('are brought by a subscription each, of which the first is that of the HTTP API, and none is there twice', () => {
    const groups = Object.values(Resources)
      .filter(({ Type }) => Type === 'AWS::Logs::SubscriptionFilter')
      .map(({ Properties }) => Properties.LogGroupName);

    assert.deepEqual(groups, [{ Ref: 'HttpApiLogGroup' }, '/aws/lambda/other']);
  });

  test('go to a queue when they cannot be written, and come from there again', () => {
    const arn = { 'Fn::GetAtt': [LOGS_QUEUE, 'Arn'] };

    assert.equal(Resources[LOGS_QUEUE].Properties.MessageRetentionPeriod, 14 * 24 * 3600);
    assert.deepEqual(Resources.LogsRetries.Properties.DestinationConfig, { OnFailure: { Destination: arn } });
    assert.deepEqual(Resources.LogsRedelivery.Properties.EventSourceArn, arn);
    assert.match(JSON.stringify(Resources.PushLogsRole), /sqs:SendMessage/);
  });

  test('are left alone where nobody asks for them', () => {
    const names = Object.keys(resourcesFor({}).Resources);

    assert.deepEqual(
      names.filter((name) => /Logs(?:Queue|Retries|Subscription|Permission|Redelivery)|UnpushedLogs|PushLogs/.test(name)),
      [],
    );
  });
});
