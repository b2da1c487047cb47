import type { PageSettings } from '../page-settings.ts';

const isSettings = (value: unknown): value is PageSettings => typeof value === 'object' && value !== null && 'base' in value;

/** What the document says of the gateway. */
function readSettings(): PageSettings {
  const value: unknown = JSON.parse(document.querySelector('meta[name=console]')?.getAttribute('content') ?? 'null');
  if (!isSettings(value)) throw new Error('The document has no settings');
  return value;
}

export const settings: PageSettings = readSettings();
