import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, suite, test } from 'node:test';
import { CloudWatchLogsClient, DescribeMetricFiltersCommand, type MetricFilter } from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { roundMembers } from '../../lib/metrics/lag-emf.ts';
import type { MiniStack } from '../harness/aws/ministack.ts';
import { type Metric, metricsOf } from '../harness/metrics/emf-schema.ts';
import { metricsIn, metricsOfAws, requestMetrics, writtenMetrics } from '../harness/metrics/written-metrics.ts';
import { until } from '../harness/until.ts';
import type { DeployedGateway } from './deployed-gateway.ts';
import { change, logOf } from './functions.ts';
import { call } from './request.ts';
import { type Alarm, type Watching, watching } from './watching.ts';

const TOPIC = 'alarms';
const LAG_RECORDS = 500;
const DOCUMENT = '/kafka-gateway/test';

/** What a deployment needs to have every alarm that there is, besides subscriptions. */
export const withAllAlarms = {
  // What the account, which has just been made, will call the topic.
  ALARM_TOPIC_ARN: `arn:aws:sns:us-east-1:000000000000:${TOPIC}`,
  GATEWAY_CONFIG_PARAMETER: DOCUMENT,
  GATEWAY_LAG_GROUPS: 'billing',
  LAG_ALARM_RECORDS: String(LAG_RECORDS),
  GATEWAY_LIMITS: '[]',
  GATEWAY_SOCKET_READERS: '1',
};

/** Makes what such a deployment reads. */
export const prepareAlarms = (aws: MiniStack): Promise<void> => watching(aws).writeParameter(DOCUMENT, '{}');

const alarmIds = [...readFileSync('infra/stack/alarms.yml', 'utf8').matchAll(/^ {2}(\w+Alarm):$/gm)].map(([, id]) => id);
const PRODUCE = { route: 'POST /topics/{topic}' };

/** What the lines of the log say when something is wrong, for the alarms of their metrics. */
const faults: Record<string, (stack: string) => Metric[]> = {
  FaultsAlarm: (stack) => requestMetrics(stack, { ...PRODUCE, status: 500, errorCode: 500 }),
  ProduceLatencyAlarm: (stack) => requestMetrics(stack, { ...PRODUCE, ms: 6000 }),
  KafkaUnreachableAlarm: (stack) => requestMetrics(stack, { ...PRODUCE, status: 503, errorCode: 50003 }),
  KafkaSilentAlarm: (stack) => requestMetrics(stack, { ...PRODUCE, status: 504, errorCode: 50401 }),
  CredentialsRefusedAlarm: (stack) => requestMetrics(stack, { ...PRODUCE, status: 502, errorCode: 50201 }),
  LagAlarm: (stack) => roundMetrics(stack, { most: LAG_RECORDS + 1 }),
  FallingBehindAlarm: (stack) => roundMetrics(stack, { fallingBehind: 1 }),
  LagNotMeasuredAlarm: (stack) => roundMetrics(stack, { isComplete: false }),
};

function roundMetrics(stack: string, round: Partial<Parameters<typeof roundMembers>[0]>): Metric[] {
  const settings = { emf: true, topics: new Set<string>(), function: 'measure-lag', stack };
  return metricsIn(roundMembers({ isComplete: true, most: 0, fallingBehind: 0, ...round }, settings, 0));
}

/** Of what AWS's services count, so many are too many. */
const ofServices: Record<string, number> = { FunctionsThrottledAlarm: 1, ApiFaultsAlarm: 10, TableThrottledAlarm: 1 };

const CALLED = ['topic-metadata', 'console', 'list-offsets', 'measure-lag'];

/** There is no authorizer here whose log could be filtered; the template of one that has it is compared with its row elsewhere. */
const NOT_FED = ['AuthorizerFailedAlarm'];

const metricOf = ({ Namespace, MetricName, Dimensions }: Alarm): string =>
  [Namespace, MetricName, ...Dimensions.map(({ Name, Value }) => `${Name}=${Value}`)].join(' ');
const idOf = ({ AlarmName }: Alarm): string => /-(\w+Alarm)(?:-|$)/.exec(AlarmName)?.[1] ?? AlarmName;

/** The alarms and the dashboard of a deployment `withAllAlarms` and subscriptions, as CloudWatch has them. */
export function alarmsOf(gatewayOf: () => DeployedGateway): void {
  suite('what watches a deployment', () => {
    let gateway: DeployedGateway;
    let stack: string;
    let watch: Watching;
    let filters: MetricFilter[];
    /** Of lines that the functions have logged. */
    let logged: Metric[];

    before(async () => {
      gateway = gatewayOf();
      stack = gateway.functionName('').replace(/-$/, '');
      watch = watching(gateway.aws);
      filters = (await new CloudWatchLogsClient(gateway.aws).send(new DescribeMetricFiltersCommand())).metricFilters ?? [];
      for (const path of ['/topics/not-there', '/console']) await call(gateway.aws, gateway.url + path);
      await new LambdaClient(gateway.aws).send(new InvokeCommand({ FunctionName: gateway.functionName('measure-lag') }));
      await withoutDocument();
      const texts = await Promise.all(CALLED.map((name) => logOf(gateway.aws, gateway.functionName(name))));
      const lines = texts.join('\n').match(/^\{.*"_aws":.*\}$/gm) ?? [];
      logged = lines.flatMap((line) => metricsOf(JSON.parse(line)));
    });

    /** Has a function fail, as its document of variables is gone. */
    async function withoutDocument(): Promise<void> {
      const restore = await change(gateway, 'list-offsets', { GATEWAY_CONFIG_PARAMETER: '/kafka-gateway/not-there' });
      const { status, body } = await call(gateway.aws, `${gateway.url}/topics/not-there/offsets`);
      await restore();
      assert.equal(status, 500, body);
    }

    /** The value that sets an alarm off, as the gateway or a service of AWS has it. */
    function faultOf(alarm: Alarm): number {
      const id = idOf(alarm);
      const metric = metricOf(alarm);
      if (Object.hasOwn(ofServices, id)) return ofServices[id];
      if (alarm.Namespace === stack) {
        const [filter] = filters.filter(({ metricTransformations: [to] = [] }) => to?.metricName === alarm.MetricName);
        assert.ok(filter !== undefined || NOT_FED.includes(id), `nothing filters a log for ${id}`);
        return Number(filter?.metricTransformations?.[0].metricValue ?? 1);
      }
      const found = (faults[id]?.(stack) ?? logged).find(({ name }) => name === metric);
      assert.ok(found, `nobody writes ${metric}`);
      return found.value;
    }

    test('functions write under the names that alarms and the dashboard have', async () => {
      const names = new Set(logged.map(({ name }) => name));

      assert.ok(names.has(`KafkaHttpGateway Latency function=${stack}-topic-metadata route=GET /topics/{topic}`), [...names].join('\n'));
      for (const name of ['LagMeasured', 'ConfigNotTaken', 'Errors']) assert.ok(names.has(`KafkaHttpGateway ${name} stack=${stack}`), name);
      const known = writtenMetrics(stack);
      for (const name of names) assert.ok(known.has(name), name);
    });

    test('each alarm of the template goes off by what it is for, and whoever listens is told', async () => {
      const { arn, told } = await watch.listen(TOPIC);
      const alarms = await watch.alarms();
      assert.equal(arn, withAllAlarms.ALARM_TOPIC_ARN);
      assert.deepEqual(alarms.map(idOf).sort(), alarmIds.toSorted());
      assert.ok(alarms.every(({ StateValue }) => StateValue !== 'ALARM'));

      // CloudWatch here looks at no dimensions, so that a value sets off the alarms of its namesakes, too.
      for (const alarm of alarms) {
        await watch.put(alarm, faultOf(alarm));
        const now = (await watch.alarms()).find(({ AlarmName }) => AlarmName === alarm.AlarmName);
        assert.equal(now?.StateValue, 'ALARM', idOf(alarm));
      }

      const alarmed = alarms.map(({ AlarmName }) => `${AlarmName} ALARM`);
      const heard = new Set<string>();
      await until(async () => {
        for (const text of await told()) heard.add(text);
        return alarmed.every((text) => heard.has(text));
      });
    });

    test('an alarm is quiet when all is well again', async () => {
      const alarms = await watch.alarms();
      const quiet = alarms.filter(({ MetricName }) => MetricName === 'LagMeasured');
      for (const alarm of quiet) await watch.put(alarm, roundMetrics(stack, {}).find(({ name }) => name === metricOf(alarm))?.value ?? 0);

      const states = (await watch.alarms()).filter(({ MetricName }) => MetricName === 'LagMeasured').map(({ StateValue }) => StateValue);

      assert.deepEqual(states, ['OK']);
    });

    test('all that the dashboard shows is written, by functions that are there', async () => {
      const { Functions = [] } = await new LambdaClient(gateway.aws).send(new ListFunctionsCommand());
      const names = Functions.map(({ FunctionName }) => FunctionName);
      const [, api] = /^http:\/\/(\w+)\./.exec(gateway.url) ?? [];
      const known = writtenMetrics(stack);

      const shown = await watch.dashboardMetrics(stack);

      assert.ok(shown.length > 50);
      for (const metric of shown) {
        const [namespace, name, ...dimensions] = metric.split(' ');
        const ofFunction = /^(?:FunctionName|function)=(.*)$/.exec(dimensions[0])?.[1];
        if (ofFunction !== undefined) assert.ok(names.includes(ofFunction), metric);
        if (!namespace.startsWith('AWS/')) assert.ok(known.has(metric), `nobody writes ${metric}`);
        else
          assert.ok(
            metricsOfAws.includes(`${namespace} ${name}`) && (ofFunction !== undefined || dimensions[0] === `ApiId=${api}`),
            metric,
          );
      }
    });
  });
}
