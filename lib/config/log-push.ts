import type { LogForm } from '../logs/log-record.ts';
import { isTemplate } from '../logs/log-template.ts';
import { isTopicName } from '../topic-name.ts';
import { type EnvironmentReader, isWord } from './environment-reader.ts';
import { ofProcess, section } from './section.ts';

/** The configuration of the function that writes log entries to a topic. */
export interface LogPushConfig extends LogForm {
  topic: string;
  /** The function's own log group, whose entries are ignored; null outside of Lambda. */
  ownGroup: string | null;
}

export const readLogPush = section((reader): LogPushConfig => {
  const topic = reader.text('GATEWAY_LOG_TOPIC') ?? '';
  if (!isTopicName(topic)) reader.problem('GATEWAY_LOG_TOPIC must be the name of a topic', null);
  const key = reader.text('GATEWAY_LOG_KEY');
  if (key !== null && !isTemplate(key)) {
    reader.problem('GATEWAY_LOG_KEY must be a text such as $.ip, $group or $stream, or one without $', null);
  }
  if (isWord(reader.text('GATEWAY_AUTH'), 'passthrough')) {
    reader.problem('GATEWAY_LOG_TOPIC needs credentials of the gateway itself, which GATEWAY_AUTH=passthrough leaves it without', null);
  }
  return { topic, key, value: readFormat(reader), ownGroup: reader.text('AWS_LAMBDA_LOG_GROUP_NAME') };
});

function readFormat(reader: EnvironmentReader): LogForm['value'] {
  const text = reader.text('GATEWAY_LOG_FORMAT') ?? 'entry';
  if (text === 'entry' || text === 'kafka-logger') return text;
  const wrong =
    'GATEWAY_LOG_FORMAT must be entry, kafka-logger, or a JSON object of constants and of texts such as $.path, $message or $time';
  try {
    const template: unknown = JSON.parse(text);
    return text.startsWith('{') && isTemplate(template) ? template : reader.problem(wrong, 'entry');
  } catch {
    return reader.problem(wrong, 'entry');
  }
}

/**
 * The section of log push in this process.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is missing or wrong
 */
export const logPushConfig = ofProcess(readLogPush);
