/** What the page must know before it can ask anything. There is no secret in it. */
export interface PageSettings {
  /** What paths of the API begin with: the stage, or nothing. */
  base: string;
  /** GATEWAY_AUTH; empty where it is not set. */
  auth: readonly string[];
  mode: 'read' | 'write';
  hasSubscriptions: boolean;
}
