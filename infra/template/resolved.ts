/** The parts of a CloudFormation template that its properties depend on. */
export interface Deciding {
  Parameters?: Readonly<Record<string, { Type: string; Default?: unknown }>>;
  Conditions?: Readonly<Record<string, unknown>>;
}

/**
 * What CloudFormation makes of a value with the default parameters: members of objects are sorted, parts that conditions exclude are
 * removed, and what only the account knows stays as it is. Values that come to the same are then equal.
 */
export function resolved(value: unknown, template: Deciding): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(item, template)).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const [[name, inner] = ['', undefined], ...more] = Object.entries(value);
  if (more.length > 0) return inOrder(value, template);
  if (name === 'Ref') return inner === 'AWS::NoValue' ? undefined : parameter(String(inner), template);
  if (name === 'Fn::Select') {
    const [index, list] = listOf(inner, template);
    return Array.isArray(list) ? list[Number(index)] : { [name]: [index, list] };
  }
  if (name === 'Fn::If' && Array.isArray(inner)) {
    const [condition, yes, no] = inner;
    // Tests package a part of the stack, without its conditions.
    if (template.Conditions === undefined) return inOrder(value, template);
    return resolved(holds({ Condition: condition }, template) ? yes : no, template);
  }
  return inOrder(value, template);
}

/** Whether a condition holds. */
function holds(condition: unknown, template: Deciding): boolean {
  const [[name, inner] = ['', undefined]] = Object.entries(condition ?? {});
  const parts: unknown[] = Array.isArray(inner) ? inner : [];
  switch (name) {
    case 'Condition':
      return holds(template.Conditions?.[String(inner)], template);
    case 'Fn::Not':
      return !holds(parts[0], template);
    case 'Fn::And':
      return parts.every((part) => holds(part, template));
    case 'Fn::Or':
      return parts.some((part) => holds(part, template));
    case 'Fn::Equals': {
      const [one, other] = listOf(inner, template).map((part) => JSON.stringify(part));
      return one === other;
    }
    default:
      throw new Error(`${JSON.stringify(condition)} is not a condition that is known here: add it to infra/template/resolved.ts`);
  }
}

const listOf = (value: unknown, template: Deciding): unknown[] =>
  Array.isArray(value) ? value.map((item) => resolved(item, template)) : [];

function parameter(name: string, { Parameters = {} }: Deciding): unknown {
  if (!Object.hasOwn(Parameters, name)) return { Ref: name };
  const { Type, Default } = Parameters[name];
  return Type === 'CommaDelimitedList' || Type.startsWith('List<') ? String(Default).split(',') : Default;
}

const inOrder = (value: object, template: Deciding): object =>
  Object.fromEntries(
    Object.entries(value)
      .map(([name, inner]): [string, unknown] => [name, resolved(inner, template)])
      .filter(([, inner]) => inner !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
