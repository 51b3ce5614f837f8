/** The HTTPS API: a regional REST API whose routes lead to intake and query. It shapes nothing but what it refuses itself. */
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  ApiKeySourceType,
  AuthorizationType,
  EndpointType,
  type IAuthorizer,
  type IResource,
  LambdaIntegration,
  LogGroupLogDestination,
  type Method,
  MethodLoggingLevel,
  type MethodOptions,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { operation, operationIds, type ServingFunction } from '../../core/contracts/operations.ts';
import type { StageConfig } from '../config.ts';
import { ClientTiers } from './client-tiers.ts';
import { addGatewayProblems } from './gateway-problems.ts';

export interface WalletApiProps {
  readonly config: StageConfig;
  /** An operation whose function is not there is none of the stage's. */
  readonly functions: Readonly<Partial<Record<ServingFunction, IFunction>>>;
  /** Checks tokens; absent where each function checks them itself. */
  readonly authorizer: IAuthorizer | undefined;
}

export class WalletApi extends Construct {
  readonly api: RestApi;
  /** Address of the deployed stage, with a slash at its end. */
  readonly url: string;
  readonly apiId: string;
  readonly stageName: string;

  constructor(scope: Construct, id: string, props: WalletApiProps) {
    super(scope, id);
    const { config } = props;
    this.api = this.restApi(config);
    this.url = this.api.url;
    this.apiId = this.api.restApiId;
    this.stageName = config.stage;
    addRoutes(this.api.root, props);
    addGatewayProblems(this.api);
    if (config.clientTiers !== undefined) new ClientTiers(this, 'ClientTiers', { config, api: this.api });
    this.acknowledge(props.authorizer !== undefined);
  }

  private restApi(config: StageConfig): RestApi {
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: config.logRetentionDays,
      removalPolicy: config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    return new RestApi(this, 'Api', {
      description: 'Wallet: transfers and accounts',
      endpointTypes: [EndpointType.REGIONAL],
      // Access logs need the account's role for them; on an account that has none, nothing else would make it.
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN,
      apiKeySourceType: ApiKeySourceType.AUTHORIZER,
      deployOptions: {
        stageName: config.stage,
        tracingEnabled: true,
        metricsEnabled: true,
        loggingLevel: MethodLoggingLevel.ERROR,
        throttlingRateLimit: config.throttleRate,
        throttlingBurstLimit: config.throttleBurst,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: accessLogFormat(),
      },
    });
  }

  private acknowledge(hasAuthorizer: boolean): void {
    Validations.of(this.api).acknowledge(
      {
        id: 'AwsSolutions-APIG2',
        reason:
          'The intake validates with the schemas of the core and names the field; a second schema here would answer otherwise.',
      },
      {
        id: 'AwsSolutions-APIG3',
        reason:
          'Callers are authenticated and throttled; a web ACL is a rule of the organisation and attaches to the stage from outside.',
      },
      {
        id: 'AwsSolutions-COG4',
        reason: "Tokens may be any issuer's: an authorizer of the wallet checks them, not Cognito's.",
      },
      {
        id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
        reason:
          'The policy that API Gateway documents for the role it writes logs with; it is set once for the whole account.',
      },
    );
    if (hasAuthorizer) return;
    Validations.of(this.api).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: 'For clouds whose API Gateway has no authorizers: the functions check the tokens themselves.',
    });
  }
}

/** A method for each operation of the table, and for nothing else. */
function addRoutes(root: IResource, { functions, authorizer, config }: WalletApiProps): void {
  // One permission for the whole API instead of one per method.
  const integrations = new Map(
    Object.entries(functions).map(([name, fn]) => [
      name,
      new LambdaIntegration(fn, { scopePermissionToMethod: false }),
    ]),
  );
  const closed: MethodOptions = {
    ...(authorizer === undefined ? open : { authorizationType: AuthorizationType.CUSTOM, authorizer }),
    apiKeyRequired: config.clientTiers !== undefined,
  };
  for (const { method, path, served, scopes } of operationIds.map(operation)) {
    const integration = integrations.get(served);
    if (integration === undefined) continue;
    const resource = root.resourceForPath(path);
    if (scopes.length > 0) resource.addMethod(method, integration, closed);
    else acknowledgeOpen(resource.addMethod(method, integration, open));
  }
}

const open: MethodOptions = { authorizationType: AuthorizationType.NONE };

function acknowledgeOpen(method: Method): void {
  const reason = 'Anybody may read the description of the API; the function that serves it has no rights on data.';
  Validations.of(method).acknowledge({ id: 'AwsSolutions-APIG4', reason }, { id: 'AwsSolutions-COG4', reason });
}

function accessLogFormat(): AccessLogFormat {
  return AccessLogFormat.custom(
    JSON.stringify({
      requestId: AccessLogField.contextRequestId(),
      at: AccessLogField.contextRequestTime(),
      ip: AccessLogField.contextIdentitySourceIp(),
      caller: AccessLogField.contextAuthorizerPrincipalId(),
      method: AccessLogField.contextHttpMethod(),
      route: AccessLogField.contextResourcePath(),
      status: AccessLogField.contextStatus(),
      responseBytes: AccessLogField.contextResponseLength(),
      latencyMs: AccessLogField.contextResponseLatency(),
      integrationLatencyMs: AccessLogField.contextIntegrationLatency(),
      error: AccessLogField.contextErrorMessage(),
    }),
  );
}
