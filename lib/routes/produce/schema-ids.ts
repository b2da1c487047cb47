import { oneOf, withDefault } from '../../http/query.ts';

/** The query parameter that says where records name their schemas: before the bytes, or in headers, as newer serializers can. */
export const schemaIds = withDefault(oneOf('prefix', 'headers'), 'prefix');
