import type { PageSettings } from '../page-settings.ts';

const isSettings = (value: unknown): value is PageSettings => typeof value === 'object' && value !== null && 'base' in value;

/** What the document says of the gateway. */
function readSettings(): PageSettings {
  const value: unknown = JSON.parse(document.querySelector('meta[name=console]')?.getAttribute('content') ?? 'null');
  if (!isSettings(value)) throw new Error('The document has no settings');
  return value;
}

export const settings: PageSettings = readSettings();

/** Whether callers sign in here; with a certificate, or at whoever signs their requests, they need not. */
export const NEEDS_LOGIN = settings.auth.some((mode) => ['jwt', 'basic', 'api-key', 'passthrough'].includes(mode));

/** The whole address of a path of the API. */
export const urlOf = (path: string): string => `${location.origin}${settings.base}${path}`;
