import assert from 'node:assert/strict';
import { Ajv } from 'ajv';

/** The JSON schema of the embedded metric format, from its specification. */
const schema = {
  type: 'object',
  required: ['_aws'],
  properties: {
    _aws: {
      type: 'object',
      required: ['Timestamp', 'CloudWatchMetrics'],
      properties: {
        Timestamp: { type: 'integer' },
        CloudWatchMetrics: {
          type: 'array',
          items: {
            type: 'object',
            required: ['Namespace', 'Dimensions', 'Metrics'],
            additionalProperties: false,
            properties: {
              Namespace: { type: 'string', minLength: 1, maxLength: 1024 },
              Dimensions: {
                type: 'array',
                minItems: 1,
                items: { type: 'array', minItems: 1, maxItems: 30, items: { type: 'string', minLength: 1, maxLength: 250 } },
              },
              Metrics: {
                type: 'array',
                minItems: 1,
                maxItems: 100,
                items: {
                  type: 'object',
                  required: ['Name'],
                  additionalProperties: false,
                  properties: {
                    Name: { type: 'string', minLength: 1, maxLength: 255 },
                    Unit: { enum: ['Seconds', 'Microseconds', 'Milliseconds', 'Bytes', 'Count', 'Percent', 'Count/Second', 'None'] },
                    StorageResolution: { enum: [1, 60] },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

interface Directive {
  Namespace: string;
  Dimensions: string[][];
  Metrics: { Name: string; Unit?: string }[];
}

const isDocument = new Ajv().compile<{ _aws: { Timestamp: number; CloudWatchMetrics: Directive[] } }>(schema);

/** A CloudWatch metric, which AWS bills. */
export interface Metric {
  /** `KafkaHttpGateway Requests function=… route=…` */
  name: string;
  value: number;
}

/** The metrics that CloudWatch makes of a line. Asserts that the line has the format, and everything that it refers to. */
export function metricsOf(line: Readonly<Record<string, unknown>>): Metric[] {
  const document: unknown = line;
  assert.ok(isDocument(document), JSON.stringify(isDocument.errors));
  return document._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = names.map((name) => {
        const value = line[name];
        assert.ok(typeof value === 'string' && value !== '' && value.length <= 1024, `the dimension ${name}`);
        return `${name}=${value}`;
      });
      return Metrics.map(({ Name }) => {
        const value = line[Name];
        assert.ok(typeof value === 'number' && Number.isFinite(value), `the metric ${Name}`);
        return { name: [Namespace, Name, ...dimensions].join(' '), value };
      });
    }),
  );
}
