/** The variables of the section of producing, which the function `produce` alone has. */
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
