interface Resource {
  Type: string;
  UpdatePolicy?: object;
  Properties: Record<string, unknown>;
}

/** What is used here of the framework, which hands it to every plugin. */
interface Serverless {
  service: { provider: { compiledCloudFormationTemplate: { Resources: Record<string, Resource> } } };
}

/**
 * MiniStack's CloudFormation does not know them. It deploys a WebSocket API's routes at once, sends back whatever a function returns, and
 * moves aliases at once.
 */
const UNKNOWN = [
  'AWS::ApiGatewayV2::Deployment',
  'AWS::ApiGatewayV2::RouteResponse',
  'AWS::CodeDeploy::Application',
  'AWS::CodeDeploy::DeploymentGroup',
];

/** Below it MiniStack has the connections of the WebSocket API; on AWS, they are below the API's own address. */
const socketUrl = { 'Fn::Sub': `${process.env.AWS_ENDPOINT_URL}/_aws/execute-api/\${WebsocketsApi}/pubsub` };

/** Plugin of the framework, for tests: leaves out of a template what MiniStack cannot deploy, and has it find itself. */
export default class MiniStackTemplate {
  readonly hooks: Record<string, () => void>;

  constructor({ service }: Serverless) {
    this.hooks = {
      // When all plugins and parts of the template have said theirs.
      'before:aws:package:finalize:saveServiceState'() {
        const resources = service.provider.compiledCloudFormationTemplate.Resources;
        for (const [name, resource] of Object.entries(resources)) {
          const { Type, Properties } = resource;
          if (UNKNOWN.includes(Type)) delete resources[name];
          delete resource.UpdatePolicy;
          if (name === 'WebsocketsDeploymentStage') delete Properties.DeploymentId;
          const variables = variablesOf(Properties);
          if (variables !== null && 'GATEWAY_SOCKET_URL' in variables) variables.GATEWAY_SOCKET_URL = socketUrl;
        }
      },
    };
  }
}

function variablesOf({ Environment }: Resource['Properties']): Record<string, unknown> | null {
  if (typeof Environment !== 'object' || Environment === null || !('Variables' in Environment)) return null;
  return isObject(Environment.Variables) ? Environment.Variables : null;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
