import { ofProcess, section } from './section.ts';

/** Whose pages may call the gateway from a browser, where no HTTP API of API Gateway's sees to it. */
export interface CorsConfig {
  /** Such as `https://app.example.com`; `*` is all of them. */
  origins: readonly string[];
}

export const readCors = section((reader): CorsConfig => ({ origins: reader.list('CORS_ORIGINS') }));

/** The section of CORS in this process. */
export const corsConfig = ofProcess(readCors);
