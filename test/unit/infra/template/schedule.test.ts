import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scheduleOf } from '../../../../infra/template/schedule.ts';

test('an invocation of the schedule that fails, or that Lambda throttles, is not made up for: the next one comes within a minute', () => {
  const { MeasureLagSchedule, MeasureLagInvocations } = scheduleOf('measure-lag');

  assert.partialDeepStrictEqual(MeasureLagSchedule.Properties.Target, { RetryPolicy: { MaximumRetryAttempts: 0 } });
  assert.deepEqual(MeasureLagInvocations, {
    Type: 'AWS::Lambda::EventInvokeConfig',
    DependsOn: ['MeasureLagLive'],
    Properties: {
      FunctionName: { Ref: 'MeasureDashlagLambdaFunction' },
      Qualifier: 'live',
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    },
  });
});
