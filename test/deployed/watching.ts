import assert from 'node:assert/strict';
import { AwsClient } from 'aws4fetch';
import type { MiniStack } from '../harness/aws/ministack.ts';

/** An alarm as CloudWatch describes it. */
export interface Alarm {
  AlarmName: string;
  Namespace: string;
  MetricName: string;
  Dimensions: { Name: string; Value: string }[];
  Threshold: number;
  ComparisonOperator: string;
  StateValue: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
}

/** A metric as dashboards name it, and how it is shown. */
type DashboardMetric = (string | object)[];

/** The parts of AWS that watch a deployment. Nothing else needs their clients. */
export interface Watching {
  alarms(): Promise<Alarm[]>;
  /** The metrics of a dashboard, as `<namespace> <name> <dimension>=<value> …`. */
  dashboardMetrics(name: string): Promise<string[]>;
  /** Gives CloudWatch a value of what an alarm watches. */
  put(alarm: Alarm, value: number): Promise<void>;
  /** Writes a parameter of SSM Parameter Store. */
  writeParameter(name: string, value: string): Promise<void>;
  /** Makes the topic for alarms. @returns its ARN, and what takes the names of alarms and their states that it was told of since last time */
  listen(topic: string): Promise<{ arn: string; told: () => Promise<string[]> }>;
}

export function watching(aws: MiniStack): Watching {
  const { accessKeyId, secretAccessKey } = aws.credentials;
  const post = async (service: string, headers: Record<string, string>, body: string): Promise<string> => {
    const client = new AwsClient({ accessKeyId, secretAccessKey, region: aws.region, service, retries: 0 });
    const answer = await client.fetch(`${aws.endpoint}/`, { method: 'POST', headers, body });
    const text = await answer.text();
    assert.ok(answer.ok, `${service}: ${answer.status} ${text}`);
    return text;
  };
  const ask = async (service: string, target: string, body: object) =>
    JSON.parse(
      (await post(service, { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target }, JSON.stringify(body))) || '{}',
    );
  const cloudWatch = (action: string, body: object) => ask('monitoring', `GraniteServiceVersion20100801.${action}`, body);
  const sns = (body: Record<string, string>) =>
    post('sns', { 'content-type': 'application/x-www-form-urlencoded' }, String(new URLSearchParams({ ...body, Version: '2010-03-31' })));

  return {
    alarms: async () => (await cloudWatch('DescribeAlarms', {})).MetricAlarms,
    async dashboardMetrics(name) {
      const { DashboardBody } = await cloudWatch('GetDashboard', { DashboardName: name });
      const { widgets }: { widgets: { properties: { metrics: DashboardMetric[] } }[] } = JSON.parse(DashboardBody);
      return widgets.flatMap(({ properties }) => properties.metrics.map(nameOf));
    },
    put: ({ Namespace, MetricName, Dimensions }, Value) =>
      cloudWatch('PutMetricData', { Namespace, MetricData: [{ MetricName, Dimensions, Value }] }),
    writeParameter: (Name, Value) => ask('ssm', 'AmazonSSM.PutParameter', { Name, Value, Type: 'String' }),
    async listen(topic) {
      const [, arn = ''] = /<TopicArn>(.*)<\/TopicArn>/.exec(await sns({ Action: 'CreateTopic', Name: topic })) ?? [];
      const Endpoint = arn.replace(':sns:', ':sqs:');
      const statement = { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: Endpoint };
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
      const { QueueUrl } = await ask('sqs', 'AmazonSQS.CreateQueue', { QueueName: topic, Attributes: { Policy } });
      await sns({
        Action: 'Subscribe',
        TopicArn: arn,
        Protocol: 'sqs',
        Endpoint,
        'Attributes.entry.1.key': 'RawMessageDelivery',
        'Attributes.entry.1.value': 'true',
      });
      const told = async (): Promise<string[]> => {
        const { Messages = [] }: { Messages?: { Body: string; ReceiptHandle: string }[] } = await ask('sqs', 'AmazonSQS.ReceiveMessage', {
          ...{ QueueUrl, MaxNumberOfMessages: 10 },
        });
        for (const { ReceiptHandle } of Messages) await ask('sqs', 'AmazonSQS.DeleteMessage', { QueueUrl, ReceiptHandle });
        return Messages.map(({ Body }) => JSON.parse(Body)).map(({ AlarmName, NewStateValue }) => `${AlarmName} ${NewStateValue}`);
      };
      return { arn, told };
    },
  };
}

function nameOf(metric: DashboardMetric): string {
  const [namespace, name, ...dimensions] = metric.filter((part) => typeof part === 'string');
  const pairs = dimensions.flatMap((dimension, i) => (i % 2 === 0 ? [`${dimension}=${dimensions[i + 1]}`] : []));
  return [namespace, name, ...pairs].join(' ');
}
