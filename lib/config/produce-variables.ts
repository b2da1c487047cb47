/** The variables of the produce section; only the function `produce` has them. */
export const PRODUCE_VARIABLES = [
  'GATEWAY_ACKS',
  'GATEWAY_COMPRESSION',
  'GATEWAY_HEADER_PREFIX',
  'GATEWAY_JSON_BODIES',
  'GATEWAY_KEY',
  'GATEWAY_KEY_PATH',
  'GATEWAY_PARTITION',
  'GATEWAY_RECORD_HEADERS',
  'GATEWAY_TOPIC',
] as const;
