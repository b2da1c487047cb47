import { aliasId } from './alias.ts';
import { arnOf, type Resource, ref } from './cloudformation.ts';
import { ownName } from './names.ts';

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
        // No retries: the next invocation comes within a minute.
        Target: { Arn: arn, RoleArn: arnOf(`${own}ScheduleRole`), RetryPolicy: { MaximumRetryAttempts: 0 } },
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
