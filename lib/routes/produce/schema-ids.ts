import { oneOf, withDefault } from '../../http/query.ts';

/** The query parameter for where records name their schemas: in a prefix of the bytes, or in headers, as newer serializers do. */
export const schemaIds = withDefault(oneOf('prefix', 'headers'), 'prefix');
