import { ALIAS, aliasId } from './alias.ts';
import { arnOf, type Resource, ref } from './cloudformation.ts';
import { frameworkName, ownName } from './names.ts';

/** A schedule that invokes a function each minute, and its right to do so. */
export function scheduleOf(name: string): Record<string, Resource> {
  const own = ownName(name);
  const arn = ref(aliasId(name));
  return {
    [`${own}Schedule`]: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        ScheduleExpression: 'rate(1 minute)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: arn, RoleArn: arnOf(`${own}ScheduleRole`), RetryPolicy: { MaximumRetryAttempts: 0 } },
      },
    },
    // The scheduler only hands its event over. No retries: the next invocation comes within a minute. By default, Lambda would try a failed
    // event twice more, and keep those of six hours when it throttles.
    [`${own}Invocations`]: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      DependsOn: [aliasId(name)],
      Properties: {
        FunctionName: ref(`${frameworkName(name)}LambdaFunction`),
        Qualifier: ALIAS,
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 60,
      },
    },
    [`${own}ScheduleRole`]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'scheduler.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
        Policies: [
          {
            PolicyName: name,
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn }],
            },
          },
        ],
      },
    },
  };
}
