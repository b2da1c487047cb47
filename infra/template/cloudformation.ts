/** A resource of a CloudFormation template. */
export interface Resource {
  Type: string;
  Condition?: string;
  DependsOn?: string[];
  DeletionPolicy?: 'Retain';
  UpdateReplacePolicy?: 'Retain';
  /** How CloudFormation updates the resource. */
  UpdatePolicy?: object;
  Properties: Record<string, unknown>;
}

export const ref = (Ref: string): { Ref: string } => ({ Ref });
export const arnOf = (id: string): object => ({ 'Fn::GetAtt': [id, 'Arn'] });

/** A value that is present only if a condition of the stack holds. */
export const onlyIf = (condition: string, value: unknown): object => ({ 'Fn::If': [condition, value, ref('AWS::NoValue')] });
