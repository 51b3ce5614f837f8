/** Authorizer: looks at each caller's token before API Gateway lets the request in. It needs nothing of AWS but its log. */
import { Duration } from 'aws-cdk-lib';
import { IdentitySource, TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { env } from '../../core/contracts/env.ts';
import type { Tiers } from './client-tiers.ts';
import type { TokenEnvironment } from './token-parameters.ts';
import { type Deployment, WalletFunction } from './wallet-function.ts';

/** What it said of a token holds for so long, also after the token has ended; each check costs a call. */
const REMEMBER_SECONDS = 60;
/** The first call of an environment fetches the issuer's keys. */
const TIMEOUT_SECONDS = 10;
/** What cannot be a token is refused without a call. */
const BEARER_TOKEN = '^[Bb]earer +[-_=.A-Za-z0-9]+$';

export interface AuthorizerProps extends Deployment {
  readonly tokens: TokenEnvironment;
  readonly tiers: Tiers | undefined;
}

export class Authorizer extends Construct {
  readonly fn: WalletFunction;
  readonly authorizer: TokenAuthorizer;

  constructor(scope: Construct, id: string, props: AuthorizerProps) {
    super(scope, id);
    this.fn = new WalletFunction(this, 'Authorizer', {
      ...props,
      name: 'authorizer',
      description: "Checks callers' tokens",
      timeoutSeconds: TIMEOUT_SECONDS,
      memoryMb: 512,
      environment: {
        ...props.tokens,
        ...(props.tiers === undefined ? {} : { [env.clientTiers]: JSON.stringify(props.tiers) }),
      },
      permissions: [],
    });
    this.authorizer = new TokenAuthorizer(this, 'Tokens', {
      handler: this.fn.lambda,
      identitySource: IdentitySource.header('Authorization'),
      validationRegex: BEARER_TOKEN,
      resultsCacheTtl: Duration.seconds(REMEMBER_SECONDS),
    });
  }
}
