import { expires } from '../deadline.ts';
import { configurationAway, notConfigured } from '../messages/requests.ts';
import { NAMESPACE } from '../metrics/emf.ts';
import { metricsSettings } from '../metrics/settings.ts';
import { type LogFields, log, setLogLevel } from '../telemetry/log.ts';
import type { LookAtDocument } from './document-source.optional.ts';
import { readLog } from './log.ts';
import { letHold } from './running.ts';
import { section } from './section.ts';

/** How a process learns of variables that change while it runs. */
interface DocumentConfig {
  isThere: boolean;
  /** Age at which the document is looked at again. */
  lifetimeMs: number;
}

const readDocumentConfig = section(
  (reader): DocumentConfig => ({
    isThere: reader.text('GATEWAY_CONFIG_PARAMETER') !== null || reader.text('GATEWAY_CONFIG_FILE') !== null,
    lifetimeMs: reader.integer('GATEWAY_CONFIG_SECONDS', 30) * 1000,
  }),
);

/** How often a process that has read none yet tries to: a look takes up to 3 s. */
const FIRST_TRIES = 2;
/** A request waits so long for a look at the document while what was taken before still holds. */
const PATIENCE_MS = 1000;

/** Variables that change while the process runs, as a document has them. */
export class FreshConfiguration {
  #config: DocumentConfig | undefined;
  #look: LookAtDocument | null = null;
  #looking: Promise<void> | null = null;
  #hasAny = false;
  #lookAgainAt = 0;

  /**
   * Sees to it that what holds is no older than its lifetime. Undefined where nothing has to be waited for. What is wrong with the
   * document, or keeps it from being read, is logged; what held before holds on.
   *
   * @throws {GatewayError} while nothing good was read yet: StorageUnavailable where the document cannot be had for the moment, else
   *   InternalError
   */
  ensure(): Promise<void> | undefined {
    this.#config ??= readDocumentConfig(process.env);
    if (!this.#config.isThere || Date.now() < this.#lookAgainAt) return undefined;
    this.#looking ??= this.#lookAtIt(this.#config.lifetimeMs).finally(() => {
      this.#looking = null;
    });
    return this.#hasAny ? expires(this.#looking, Date.now() + PATIENCE_MS).then(() => undefined) : this.#looking;
  }

  async #lookAtIt(lifetimeMs: number): Promise<void> {
    let away = await this.#lookOnce();
    for (let tries = 1; away !== null && !this.#hasAny && tries < FIRST_TRIES; tries++) away = await this.#lookOnce();
    if (!this.#hasAny && away !== null) throw configurationAway.with({ cause: away });
    if (!this.#hasAny) throw notConfigured.with({ cause: new Error('Configuration: no document of variables could be used yet') });
    this.#lookAgainAt = Date.now() + lifetimeMs;
  }

  /** @returns what keeps the document away for the moment; null where nothing does, or where it stays away */
  async #lookOnce(): Promise<Error | null> {
    try {
      if (this.#look === null) {
        // Only in the zips of deployments with a document.
        const { openDocument } = await import('./document-source.optional.ts');
        this.#look = openDocument(process.env);
      }
      const { taken = null, refused = null } = (await this.#look?.()) ?? {};
      if (refused !== null) log.error('config_refused', 'A document of variables is wrong, and is not used', withMetric(refused));
      if (taken !== null) {
        letHold(taken.variables);
        setLogLevel(readLog().level);
        log.info('config_taken', 'Variables have changed', { names: Object.keys(taken.variables) });
        this.#hasAny = true;
      }
      return null;
    } catch (error) {
      log.error('config_unread', 'The document of variables cannot be read', withMetric({ error }));
      return error instanceof Error && error.name !== 'DocumentDenied' ? error : null;
    }
  }
}

/** With the metric of the alarm: of this deployment, whether or not the section of metrics was asked for yet. */
function withMetric(fields: LogFields): LogFields {
  if (!metricsSettings.emf) return fields;
  const directive = { Namespace: NAMESPACE, Dimensions: [['stack']], Metrics: [{ Name: 'ConfigNotTaken' }] };
  const _aws = { Timestamp: Date.now(), CloudWatchMetrics: [directive] };
  return { ...fields, _aws, stack: process.env.GATEWAY_STACK ?? metricsSettings.stack, ConfigNotTaken: 1 };
}

const ofProcess = new FreshConfiguration();

/** @see FreshConfiguration.ensure */
export const freshConfiguration = (): Promise<void> | undefined => ofProcess.ensure();
