/**
 * Throttling by the tier of the caller's tenant: a usage plan for each tier, and a key that counts its requests. Callers never see
 * a key; the authorizer names it. Usage plans are best effort (API Gateway says so itself): they keep one tier from using up what
 * the others need, and exact limits are not their task.
 */
import { Aws, Fn } from 'aws-cdk-lib';
import { ApiKey, Period, type RestApi, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';

/** As the authorizer is told them. */
export interface Tiers {
  readonly keys: Readonly<Record<string, string>>;
  readonly tenants: Readonly<Record<string, string>>;
  readonly usual: string;
}

/** Undefined where requests are not counted. */
export function tiersOf({ clientTiers }: StageConfig): Tiers | undefined {
  if (clientTiers === undefined) return undefined;
  const { plans, tenants, usual } = clientTiers;
  const keys = Object.fromEntries(Object.keys(plans).map((tier) => [tier, keyOf(tier)]));
  return { keys, tenants, usual };
}

/** Unlike any other deployment's: API Gateway wants the values of keys to be unique in an account. Not a secret. */
function keyOf(tier: string): string {
  const deployment = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return `wallet-${tier}-${deployment}`;
}

export interface ClientTiersProps {
  readonly config: StageConfig;
  readonly api: RestApi;
}

export class ClientTiers extends Construct {
  constructor(scope: Construct, id: string, { config, api }: ClientTiersProps) {
    super(scope, id);
    for (const [tier, { rate, burst, requestsPerDay }] of Object.entries(config.clientTiers?.plans ?? {})) {
      const plan = new UsagePlan(this, `Plan-${tier}`, {
        description: `Requests of tenants of the tier ${tier}`,
        throttle: { rateLimit: rate, burstLimit: burst },
        quota: { limit: requestsPerDay, period: Period.DAY },
        apiStages: [{ stage: api.deploymentStage }],
      });
      plan.addApiKey(new ApiKey(this, `Key-${tier}`, { value: keyOf(tier), description: `Counts the tier ${tier}` }));
    }
  }
}
