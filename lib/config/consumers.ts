import { ofProcess, section } from './section.ts';
import { readTable } from './table.ts';

/** The settings of consumers over HTTP. */
export interface ConsumersConfig {
  /** Where consumers begin that say nothing of it, and have committed nothing. */
  offsetReset: 'earliest' | 'latest' | 'none';
  /** The table of DynamoDB that keeps groups; null where Kafka keeps them. */
  table: string | null;
}

export const readConsumers = section(
  (reader): ConsumersConfig => ({
    offsetReset: reader.oneOf('GATEWAY_CONSUMER_AUTO_OFFSET_RESET', ['earliest', 'latest', 'none'], 'latest'),
    table:
      reader.oneOf('GATEWAY_CONSUMERS', ['kafka', 'dynamodb'], 'kafka') === 'dynamodb'
        ? readTable(reader, 'GATEWAY_CONSUMERS=dynamodb')
        : null,
  }),
);

/**
 * The section of consumers in this process.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is wrong
 */
export const consumersConfig = ofProcess(readConsumers);
