import { createHash } from 'node:crypto';
import { ALIAS, aliasId } from './alias.ts';
import { type Authorization, authorizationOf } from './authorization.ts';
import { arnOf, type Resource, ref } from './cloudformation.ts';
import { consoleStreams } from './console.ts';
import type { Environment } from './environment.ts';
import { frameworkName } from './names.ts';

/** What is in front of the function `stream-topics`: a REST API that streams, a function URL, or nothing. */
export type StreamEntry = 'rest' | 'url' | 'off';

/** @throws {Error} for any other value */
export function streamEntry({ GATEWAY_STREAMS }: Environment): StreamEntry {
  const entry = GATEWAY_STREAMS?.trim().toLowerCase() || 'rest';
  if (entry !== 'rest' && entry !== 'url' && entry !== 'off') throw new Error('GATEWAY_STREAMS must be rest, url or off.');
  return entry;
}

const LIVE = aliasId('stream-topics');
/** The name of the API's stage, and the base path of streams at a custom domain. */
const STAGE = 'streams';
const fromStack = (text: string): { 'Fn::Sub': string } => ({ 'Fn::Sub': text });
/** The prefix of the API's ARNs. */
const API_ARN = `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${StreamApi}`;

/** The base URL for streams, without the API's paths. */
export function streamUrl(environment: Environment): string | object | null {
  if (streamEntry(environment) === 'url') return { 'Fn::GetAtt': ['StreamUrl', 'FunctionUrl'] };
  if (streamEntry(environment) === 'off') return null;
  if (environment.DOMAIN_NAME) return `https://${environment.DOMAIN_NAME}/${STAGE}`;
  return fromStack(`https://\${StreamApi}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/${STAGE}`);
}

/** The resources in front of the function `stream-topics`, and their outputs. */
export function streamResources(environment: Environment): { Resources: Record<string, Resource>; Outputs: Record<string, object> } {
  const entry = streamEntry(environment);
  if (entry === 'off') return { Resources: {}, Outputs: {} };
  return {
    Resources: entry === 'url' ? functionUrl(environment) : restApi(environment),
    Outputs: { StreamEndpoint: { Description: 'The address that streams records.', Value: streamUrl(environment) } },
  };
}

/** The HTTP API cannot stream responses. A REST API can, for up to 15 min; it uses the same authorizer. */
function restApi(environment: Environment): Record<string, Resource> {
  const authorization = authorizationOf(environment);
  const hasAuthorizer = authorization.authorizer === 'deployed';
  const resource = (ParentId: object, PathPart: string): Resource => ({
    Type: 'AWS::ApiGateway::Resource',
    Properties: { RestApiId: ref('StreamApi'), ParentId, PathPart },
  });
  const asksBeforehand = consoleStreams(environment) || Boolean(environment.CORS_ORIGINS);
  const methods: Record<string, Resource> = {
    StreamGet: method('GET', authorized(authorization)),
    StreamHead: method('HEAD', authorized(authorization)),
    // A browser's preflight request is not authenticated. The console is a page of another origin.
    StreamOptions: { ...method('OPTIONS', { AuthorizationType: 'NONE' }), ...(!asksBeforehand && { Condition: 'HasCors' }) },
  };
  const authorizer = hasAuthorizer ? { StreamAuthorizer: authorizerFor(authorization) } : {};
  // A deployment cannot be changed: after a change, a new one is made.
  const deployment = `StreamDeployment${createHash('sha256')
    .update(JSON.stringify([methods, authorizer]))
    .digest('hex')
    .slice(0, 12)}`;
  return {
    StreamApi: {
      Type: 'AWS::ApiGateway::RestApi',
      Properties: {
        Name: fromStack(`\${AWS::StackName}-streams`),
        EndpointConfiguration: { Types: ['REGIONAL'] },
        ...(authorization.disableDefaultEndpoint && { DisableExecuteApiEndpoint: true }),
      },
    },
    StreamTopics: resource({ 'Fn::GetAtt': ['StreamApi', 'RootResourceId'] }, 'topics'),
    StreamNames: resource(ref('StreamTopics'), '{topics}'),
    StreamRecords: resource(ref('StreamNames'), 'records'),
    ...methods,
    ...authorizer,
    [deployment]: {
      Type: 'AWS::ApiGateway::Deployment',
      // A deployment contains the methods that exist when it is made.
      DependsOn: Object.keys(methods).filter((id) => methods[id].Condition === undefined),
      Properties: { RestApiId: ref('StreamApi') },
    },
    StreamStage: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { RestApiId: ref('StreamApi'), DeploymentId: ref(deployment), StageName: STAGE },
    },
    StreamPermission: mayInvoke(LIVE, `${API_ARN}/*`),
    ...(hasAuthorizer && {
      StreamAuthorizerPermission: mayInvoke(aliasId('authorizer'), `${API_ARN}/authorizers/*`),
    }),
    ...(environment.DOMAIN_NAME && {
      StreamMapping: {
        Type: 'AWS::ApiGatewayV2::ApiMapping',
        Properties: { ApiId: ref('StreamApi'), DomainName: ref('Domain'), Stage: ref('StreamStage'), ApiMappingKey: STAGE },
      },
    }),
  };
}

const method = (HttpMethod: string, properties: object): Resource => ({
  Type: 'AWS::ApiGateway::Method',
  Properties: {
    RestApiId: ref('StreamApi'),
    ResourceId: ref('StreamRecords'),
    HttpMethod,
    ...properties,
    Integration: {
      Type: 'AWS_PROXY',
      IntegrationHttpMethod: 'POST',
      ResponseTransferMode: 'STREAM',
      // The function's own timeout is 15 min.
      TimeoutInMillis: 900_000,
      Uri: fromStack(
        `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2021-11-15/functions/\${${LIVE}}/response-streaming-invocations`,
      ),
    },
  },
});

function authorized({ route }: Authorization): object {
  if (route === '') return { AuthorizationType: 'NONE' };
  return route.type === 'aws_iam'
    ? { AuthorizationType: 'AWS_IAM' }
    : { AuthorizationType: 'CUSTOM', AuthorizerId: ref('StreamAuthorizer') };
}

const authorizerFor = ({ authorizers: { authorizer } }: Authorization): Resource => ({
  Type: 'AWS::ApiGateway::Authorizer',
  Properties: {
    Name: 'callers',
    Type: 'REQUEST',
    RestApiId: ref('StreamApi'),
    AuthorizerUri: fromStack(
      `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${aliasId('authorizer')}}/invocations`,
    ),
    AuthorizerResultTtlInSeconds: authorizer?.resultTtlInSeconds ?? 0,
    ...(authorizer?.identitySource && { IdentitySource: authorizer.identitySource[0].replace('$request', 'method.request') }),
  },
});

const mayInvoke = (alias: string, source: string): Resource => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    FunctionName: ref(alias),
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    SourceArn: fromStack(source),
  },
});

/** Callers sign, or anyone may call: a function URL cannot use an authorizer. */
function functionUrl(environment: Environment): Record<string, Resource> {
  const { route } = authorizationOf(environment);
  const AuthType = route === '' ? 'NONE' : 'AWS_IAM';
  const permission = (properties: object): Resource => ({
    Type: 'AWS::Lambda::Permission',
    Properties: { FunctionName: ref(LIVE), Principal: '*', ...properties },
  });
  return {
    StreamUrl: {
      Type: 'AWS::Lambda::Url',
      DependsOn: [LIVE],
      Properties: {
        TargetFunctionArn: arnOf(`${frameworkName('stream-topics')}LambdaFunction`),
        Qualifier: ALIAS,
        AuthType,
        InvokeMode: 'RESPONSE_STREAM',
      },
    },
    ...(AuthType === 'NONE' && {
      StreamUrlPermission: permission({ Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' }),
      StreamUrlInvokePermission: permission({ Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true }),
    }),
  };
}
