import { type TracingSettings, tracingSettings } from '../telemetry/request-trace.ts';
import { ofProcess, section } from './section.ts';

/** Where a collector beside the function listens. */
const COLLECTOR = 'http://localhost:4318';

export const readTracing = section(
  (reader): Omit<TracingSettings, 'exportMs'> => ({
    headers: reader.oneOf('GATEWAY_TRACE_HEADERS', ['true', 'false'], 'false') === 'true',
    exportTo:
      reader.oneOf('GATEWAY_TRACING', ['none', 'otlp'], 'none') === 'otlp'
        ? (reader.url('OTEL_EXPORTER_OTLP_ENDPOINT') ?? COLLECTOR).replace(/\/+$/, '')
        : null,
  }),
);

/**
 * The section of traces in this process, which holds from then on.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is wrong
 */
export const tracingConfig = ofProcess(() => Object.assign(tracingSettings, readTracing()));

// At once, as a request's trace begins before its caller is known. What is wrong is told with that request.
Object.assign(tracingSettings, settingsNow());

function settingsNow(): Omit<TracingSettings, 'exportMs'> {
  try {
    return readTracing();
  } catch {
    return tracingSettings;
  }
}
