import { quote } from '../quote.ts';
import { message } from './message.ts';

/** Messages on the console. */

export const consoleOff = /* @__PURE__ */ message(
  'RouteNotFound',
  'This gateway has no console',
  'use the API itself, or have its operator set GATEWAY_CONSOLE',
);
export const consoleFileNotFound = /* @__PURE__ */ message(
  'RouteNotFound',
  (file: string) => `The console has no file ${quote(file)}`,
  'load /console again: its files have other names after an update',
);
