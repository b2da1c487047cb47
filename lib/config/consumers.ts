import { ofProcess, section } from './section.ts';
import { readTable } from './table.ts';

/** The settings of consumers over HTTP. */
export interface ConsumersConfig {
  /** Where a consumer begins that neither chooses a reset nor has committed an offset. */
  offsetReset: 'earliest' | 'latest' | 'none';
  /** The DynamoDB table that keeps groups; null if Kafka keeps them. */
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
