/** A Lambda function of the wallet: `functions/<name>/handler.ts`, bundled, with a role that allows only what is stated. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { type ICommandHooks, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { env } from '../../core/contracts/env.ts';
import type { StageConfig } from '../config.ts';
import { allow } from './grants.ts';

const projectRoot = join(import.meta.dirname, '..', '..');

/** Some packages among the bundled ones still call `require`, which a module does not have. */
const REQUIRE_FOR_BUNDLED_PACKAGES =
  "import { createRequire as bundledRequire } from 'node:module'; const require = bundledRequire(import.meta.url);";

/** What all functions of a deployment have in common. */
export interface Deployment {
  readonly config: StageConfig;
  /** File that each function writes its calls to AWS to; only where the preset allows fault injection. */
  readonly callLog?: string;
  /** The processor appends its commits one by one; only where the preset allows fault injection, for clouds that need it. */
  readonly appendOneByOne?: boolean;
  /** Each function checks tokens itself; only where the preset allows fault injection, for clouds without authorizers. */
  readonly functionsCheckTokens?: boolean;
}

export interface WalletFunctionProps extends Deployment {
  /** Folder under `functions/`. */
  readonly name: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Names come from `core/contracts/env.ts`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly permissions: readonly PolicyStatement[];
  /** Files to put beside the function's code: name there, and path in the project. */
  readonly files?: Readonly<Record<string, string>>;
  /** Most environments at once; `undefined` lets the function take all that the account has. */
  readonly mostConcurrent?: number | undefined;
}

export class WalletFunction extends Construct {
  readonly lambda: NodejsFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: WalletFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      retention: props.config.logRetentionDays,
      removalPolicy: props.config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.role.addToPolicy(allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]));
    for (const statement of props.permissions) this.role.addToPolicy(statement);
    this.lambda = new NodejsFunction(this, 'Function', {
      description: props.description,
      entry: handlerOf(props.name),
      handler: 'handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      tracing: Tracing.ACTIVE,
      ...(props.mostConcurrent === undefined ? {} : { reservedConcurrentExecutions: props.mostConcurrent }),
      role: this.role,
      logGroup,
      projectRoot,
      depsLockFilePath: join(projectRoot, 'package-lock.json'),
      environment: { ...commonEnvironment(props), ...props.environment },
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        mainFields: ['module', 'main'],
        minify: true,
        sourceMap: true,
        sourcesContent: false,
        banner: REQUIRE_FOR_BUNDLED_PACKAGES,
        externalModules: [],
        ...(props.files === undefined ? {} : { commandHooks: copying(props.files) }),
      },
    });
    this.acknowledge();
  }

  private acknowledge(): void {
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray has no resources to name: its two write actions can only be allowed on all.',
    });
    Validations.of(this.lambda).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason:
        'Lambda uses a dead letter queue for asynchronous calls only; streams have a target of their own for failures.',
    });
  }
}

/** Copies files into the bundle, after it was made. */
function copying(files: Readonly<Record<string, string>>): ICommandHooks {
  const none = () => [];
  const afterBundling = (_: string, output: string) =>
    Object.entries(files).map(([name, source]) => `cp "${join(projectRoot, source)}" "${join(output, name)}"`);
  return { beforeBundling: none, beforeInstall: none, afterBundling };
}

function handlerOf(name: string): string {
  const entry = join(projectRoot, 'functions', name, 'handler.ts');
  if (!existsSync(entry)) throw new Error(`function "${name}" has no handler at functions/${name}/handler.ts`);
  return entry;
}

function commonEnvironment(props: WalletFunctionProps): Record<string, string> {
  const { callLog, config } = props;
  return {
    NODE_OPTIONS: '--enable-source-maps',
    // The one dimension of the wallet's metrics.
    POWERTOOLS_SERVICE_NAME: props.name,
    ...(config.faultInjection && callLog !== undefined ? { [env.callLog]: callLog } : {}),
  };
}
