import { openHandler } from '../lib/admission/function-handler.ts';
import { consoleFile, consolePage } from '../lib/routes/console.ts';

/** The page for people, to whoever opens it: it shows what its reader may ask the other functions for. */
export const handler = openHandler({ 'GET /console': consolePage, 'GET /console/{file}': consoleFile });
