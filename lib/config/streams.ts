import { ofProcess, section } from './section.ts';

/** The configuration of streams. */
export interface StreamsConfig {
  /** The base URL for streams, without the API's paths; null without one. */
  url: string | null;
}

const readStreams = section((reader): StreamsConfig => ({ url: reader.text('GATEWAY_STREAM_URL')?.replace(/\/+$/, '') || null }));

/** The section of streams in this process. */
export const streamsConfig = ofProcess(readStreams);
