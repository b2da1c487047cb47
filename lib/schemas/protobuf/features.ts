/** FeatureSet of descriptor.proto, as far as it decides on JSON and the wire. */
export interface Features {
  fieldPresence?: number;
  enumType?: number;
  repeatedFieldEncoding?: number;
  utf8Validation?: number;
  messageEncoding?: number;
  jsonFormat?: number;
}

/** Numbers of the editions that are read. */
export const editions: Readonly<Record<string, number>> = { 2023: 1000, 2024: 1001 };

const known: Readonly<Record<string, readonly [keyof Features, Readonly<Record<string, number>>]>> = {
  field_presence: ['fieldPresence', { EXPLICIT: 1, IMPLICIT: 2, LEGACY_REQUIRED: 3 }],
  enum_type: ['enumType', { OPEN: 1, CLOSED: 2 }],
  repeated_field_encoding: ['repeatedFieldEncoding', { PACKED: 1, EXPANDED: 2 }],
  utf8_validation: ['utf8Validation', { VERIFY: 2, NONE: 3 }],
  message_encoding: ['messageEncoding', { LENGTH_PREFIXED: 1, DELIMITED: 2 }],
  json_format: ['jsonFormat', { ALLOW: 1, LEGACY_BEST_EFFORT: 2 }],
};

/**
 * What a file, a message, an enum or a field sets of the features of its edition; null when that is nothing. Those of languages are passed
 * over.
 *
 * @param options by their names: `features.field_presence`
 * @throws {Error} when a feature cannot have the value
 */
export function featuresIn(options: Readonly<Record<string, string>>): Features | null {
  const features: Features = {};
  let isSet = false;
  for (const [name, value] of Object.entries(options)) {
    const feature = /^features\.(\w+)$/.exec(name)?.[1] ?? '';
    if (!Object.hasOwn(known, feature)) continue;
    const [member, values] = known[feature];
    if (!Object.hasOwn(values, value)) throw new Error(`the feature ${feature} can be one of ${Object.keys(values).join(', ')}`);
    features[member] = values[value];
    isSet = true;
  }
  return isSet ? features : null;
}
