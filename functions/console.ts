import { openHandler } from '../lib/admission/function-handler.ts';
import { consoleFile, consolePage } from '../lib/routes/console.ts';

/** Serves the console, a page for people, to anyone: it shows only what its reader may request from the other functions. */
export const handler = openHandler({ 'GET /console': consolePage, 'GET /console/{file}': consoleFile });
