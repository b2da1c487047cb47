import { ofProcess, section } from './section.ts';

/** Which pages may call the gateway from a browser, where no HTTP API of API Gateway handles CORS. */
export interface CorsConfig {
  /** Such as `https://app.example.com`; `*` stands for all. */
  origins: readonly string[];
}

export const readCors = section((reader): CorsConfig => ({ origins: reader.list('CORS_ORIGINS') }));

/** The section of CORS in this process. */
export const corsConfig = ofProcess(readCors);
