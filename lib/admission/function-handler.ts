import { type GatewayHandler, gatewayHandler, type Routes } from '../http/gateway-handler.ts';
import type { GatewayMiddleware } from '../http/middleware.ts';
import { knownCaller } from './known-caller.ts';

/** Makes a Lambda handler of routes, which known callers may call. @see gatewayHandler */
export const functionHandler = (routes: Routes, ...middleware: GatewayMiddleware[]): GatewayHandler =>
  gatewayHandler(routes, knownCaller, ...middleware);

/** The same for routes that tell nothing: whoever asks, gets an answer. */
export const openHandler = (routes: Routes): GatewayHandler => gatewayHandler(routes);
