/** The parts of descriptor.proto's FeatureSet that affect JSON and the wire format. */
export interface Features {
  fieldPresence?: number;
  enumType?: number;
  repeatedFieldEncoding?: number;
  utf8Validation?: number;
  messageEncoding?: number;
  jsonFormat?: number;
}

/** The numbers of the supported editions. */
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
 * The edition features that a file, a message, an enum or a field sets; null for none. Language-specific features are ignored.
 *
 * @param options by name, such as `features.field_presence`
 * @throws {Error} for an illegal value of a feature
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
