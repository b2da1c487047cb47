interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}

/** What is used here of the framework, which hands it to every plugin. */
interface Serverless {
  service: { provider: { compiledCloudFormationTemplate: { Resources: Record<string, Resource> } } };
}

/** MiniStack's CloudFormation does not know them. It deploys a WebSocket API's routes at once, and sends back whatever a function returns. */
const UNKNOWN = ['AWS::ApiGatewayV2::Deployment', 'AWS::ApiGatewayV2::RouteResponse'];

/** Plugin of the framework, for tests: leaves out of a template what MiniStack cannot deploy. */
export default class MiniStackTemplate {
  readonly hooks: Record<string, () => void>;

  constructor({ service }: Serverless) {
    this.hooks = {
      'after:package:compileEvents'() {
        const resources = service.provider.compiledCloudFormationTemplate.Resources;
        for (const [name, { Type, Properties }] of Object.entries(resources)) {
          if (UNKNOWN.includes(Type)) delete resources[name];
          if (name === 'WebsocketsDeploymentStage') delete Properties.DeploymentId;
        }
      },
    };
  }
}
