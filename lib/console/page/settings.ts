import type { PageSettings } from '../page-settings.ts';

const isSettings = (value: unknown): value is PageSettings => typeof value === 'object' && value !== null && 'base' in value;

/** The gateway's settings in the document. */
function readSettings(): PageSettings {
  const value: unknown = JSON.parse(document.querySelector('meta[name=console]')?.getAttribute('content') ?? 'null');
  if (!isSettings(value)) throw new Error('The document has no settings');
  return value;
}

export const settings: PageSettings = readSettings();

/** Whether callers must sign in here. Not with a certificate, and not where something else signs their requests. */
export const NEEDS_LOGIN = settings.auth.some((mode) => ['jwt', 'basic', 'api-key', 'passthrough'].includes(mode));

/** The full URL of an API path. */
export const urlOf = (path: string): string => `${location.origin}${settings.base}${path}`;
