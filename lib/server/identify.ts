import { needAuthorizer } from '../access/modes.ts';
import { authorizer } from '../authorizer/authorizer.ts';
import { accessConfig } from '../config/access.ts';
import type { HttpEvent } from './http-event.ts';

let judge: ReturnType<typeof authorizer> | undefined;

/**
 * Adds to an event who is calling, as the authorizer in front of the functions does. Who is not known is refused by the function.
 *
 * @throws when a caller cannot be judged
 */
export async function identify(event: HttpEvent): Promise<HttpEvent> {
  if (!needAuthorizer(accessConfig().modes)) return event;
  judge ??= authorizer();
  const result = await judge(event);
  if (!result.isAuthorized) return event;
  return { ...event, requestContext: { ...event.requestContext, authorizer: { lambda: result.context } } };
}
