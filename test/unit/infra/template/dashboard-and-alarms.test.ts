import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { parseDocument } from 'yaml';
import { rows } from '../../../../infra/functions.ts';
import { dashboardOf } from '../../../../infra/template/dashboard.ts';
import { METRICS, resourcesFor } from '../../../../infra/template/resources.ts';
import { metricsOfAws, writtenMetrics } from '../../../harness/metrics/written-metrics.ts';

interface Alarm {
  Properties: {
    AlarmDescription: string;
    Namespace: string;
    MetricName: string;
    Dimensions?: { Name: string; Value: string }[];
  };
}

/** The tags of CloudFormation leave their texts. */
const tags = ['!Ref', '!Sub', '!Equals', '!Not', '!And', '!If', '!Condition'].flatMap((tag) => [
  { tag, resolve: (text: string) => text },
  { tag, collection: 'seq' as const },
]);
const { Resources }: { Resources: Record<string, Alarm> } = parseDocument(readFileSync('infra/stack/alarms.yml', 'utf8'), {
  customTags: tags,
}).toJS();
const runbook = readFileSync('docs/operate/runbook.md', 'utf8');
const page = readFileSync('docs/operate/observability.md', 'utf8');
const anchors = [...runbook.matchAll(/^## (.*)$/gm)].map(([, title]) =>
  title
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-'),
);

const written = writtenMetrics(`\${AWS::StackName}`);
const ofTheLog = Object.values(METRICS).map(({ metric }) => `AWS::StackName ${metric}`);

function assertThere(metric: string): void {
  const [namespace, name] = metric.split(' ');
  if (namespace.startsWith('AWS/')) assert.ok(metricsOfAws.includes(`${namespace} ${name}`), metric);
  else assert.ok(written.has(metric) || ofTheLog.includes(metric), `nobody writes ${metric}`);
}

for (const [name, { Properties }] of Object.entries(Resources)) {
  suite(name, () => {
    test('watches a metric that is written', () => {
      const { Namespace, MetricName, Dimensions = [] } = Properties;
      const dimensions = Dimensions.map(({ Name, Value }) => `${Name}=${Value === 'AWS::StackName' ? `\${${Value}}` : Value}`);

      assertThere([Namespace, MetricName, ...dimensions].join(' '));
    });

    test('leads to its part of the runbook, and is in the list of alarms', () => {
      const [, anchor] = /Runbook, docs\/operate\/runbook\.md#(\S+)$/.exec(Properties.AlarmDescription) ?? [];

      assert.ok(anchors.includes(anchor), Properties.AlarmDescription);
      assert.ok(page.includes(`| \`${name}\` |`) && page.includes(`(runbook.md#${anchor})`));
    });
  });
}

suite('the dashboard', () => {
  const { Properties } = dashboardOf(rows, { GATEWAY_LAG_GROUPS: 'billing, orders-*' });
  const body: unknown = Properties.DashboardBody;
  assert.ok(typeof body === 'object' && body !== null && 'Fn::Sub' in body);
  const { widgets }: { widgets: { properties: { title: string; metrics: (string | object)[][] } }[] } = JSON.parse(String(body['Fn::Sub']));

  for (const { properties } of widgets) {
    test(`shows under "${properties.title}" what is written`, () => {
      assert.ok(properties.metrics.length > 0);
      for (const metric of properties.metrics) {
        const [namespace, name, ...dimensions] = metric.filter((part) => typeof part === 'string');
        const pairs = dimensions.flatMap((dimension, i) => (i % 2 === 0 ? [`${dimension}=${dimensions[i + 1]}`] : []));
        assertThere([namespace, name, ...pairs].join(' '));
      }
    });
  }

  test('has room for all that CloudWatch takes: 500 metrics a widget', () => {
    assert.ok(widgets.every(({ properties }) => properties.metrics.length <= 500));
  });

  test('shows groups by their own names, whatever is in them, but for those that CloudWatch takes no metrics of', () => {
    const { DashboardBody } = dashboardOf(rows, { GATEWAY_LAG_GROUPS: `a\${b}, gr\u00fcn, :c` }).Properties;

    const text = JSON.stringify(DashboardBody);
    assert.ok(text.includes(`a\${!b}`) && !text.includes(`a\${b}`));
    assert.ok(!text.includes('gr\u00fcn') && !text.includes(':c'));
  });

  test('is left out where it is not wanted', () => {
    assert.equal(resourcesFor({}).Resources.GatewayDashboard?.Type, 'AWS::CloudWatch::Dashboard');
    for (const DASHBOARD of ['false', ' False ']) assert.equal(resourcesFor({ DASHBOARD }).Resources.GatewayDashboard, undefined);
  });
});
