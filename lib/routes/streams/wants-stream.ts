import { streamsConfig } from '../../config/streams.ts';
import type { GatewayError } from '../../errors.ts';
import { mediaTypes, prefer } from '../../http/media-types.ts';
import type { GatewayRequest } from '../../http/request.ts';
import { noStreams, streamsAreElsewhere } from '../../messages/streams.ts';
import { pageTypes } from '../read/read-page.ts';

const offered = [...pageTypes, mediaTypes.eventStream] as const;

/** Whether a client wants records as they arrive: server-sent events, or endless pages (`follow=true`). */
export const wantsStream = ({ headers, query }: Pick<GatewayRequest, 'headers' | 'query'>): boolean =>
  prefer(headers.accept, offered) === mediaTypes.eventStream || query.get('follow')?.includes('true') === true;

/** The error for a client that wants a stream where responses cannot be streamed. */
export function streamElsewhere(): GatewayError {
  const { url } = streamsConfig();
  return url === null ? noStreams() : streamsAreElsewhere(url);
}
