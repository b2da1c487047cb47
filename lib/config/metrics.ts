import { type MetricsSettings, metricsSettings } from '../metrics/settings.ts';
import { isTopicName } from '../topic-name.ts';
import { ofProcess, section } from './section.ts';

const MAX_TOPICS = 50;

export const readMetrics = section((reader): MetricsSettings => {
  const topics = reader.list('GATEWAY_METRIC_TOPICS');
  if (topics.length > MAX_TOPICS) reader.problem(`GATEWAY_METRIC_TOPICS must have no more than ${MAX_TOPICS} topics`, null);
  if (!topics.every(isTopicName)) reader.problem('GATEWAY_METRIC_TOPICS must be names of topics, several separated by commas', null);
  return {
    emf: reader.oneOf('GATEWAY_METRICS', ['emf', 'none'], 'emf') === 'emf',
    topics: new Set(topics),
    function: reader.text('AWS_LAMBDA_FUNCTION_NAME') ?? 'local',
    stack: reader.text('GATEWAY_STACK') ?? 'local',
  };
});

/**
 * The metrics section of this process. Reading it applies it to the process.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is wrong
 */
export const metricsConfig = ofProcess(() => Object.assign(metricsSettings, readMetrics()));

// When the module loads, because some requests end before the section is read, and must count for this deployment, too.
Object.assign(metricsSettings, settingsNow());

function settingsNow(): Partial<MetricsSettings> {
  try {
    return readMetrics();
  } catch {
    // The first request reports the error.
    const { AWS_LAMBDA_FUNCTION_NAME: name, GATEWAY_STACK: stack } = process.env;
    return { ...(name && { function: name }), ...(stack && { stack }) };
  }
}
