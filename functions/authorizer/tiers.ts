/** Which usage plan counts a tenant's requests: API Gateway finds the plan by the key that the authorizer names. */
import * as z from 'zod/mini';
import { env } from '../../core/contracts/env.ts';
import { EnvironmentError } from '../runtime/environment.ts';

const tiersSchema = z.object({
  /** API key of each tier. */
  keys: z.record(z.string(), z.string()),
  /** Tier of each tenant that is not of the usual one. */
  tenants: z.record(z.string(), z.string()),
  /** Tier of all others. */
  usual: z.string(),
});

export type Tiers = z.infer<typeof tiersSchema>;

/** Undefined where requests are not counted. @throws {EnvironmentError} on a text that is none of ours */
export function readTiers(text: string | undefined): Tiers | undefined {
  if (text === undefined) return undefined;
  try {
    return tiersSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new EnvironmentError(`environment variable ${env.clientTiers} does not say which tiers there are`, { cause });
  }
}

/** The API key under which a tenant's requests count. */
export function keyOfTenant(tenant: string, { keys, tenants, usual }: Tiers): string | undefined {
  return keys[tenants[tenant] ?? usual] ?? keys[usual];
}
