/**
 * Who calls: what a verified token says of its bearer, and what follows from that. A token whose claims do not fit is refused as a
 * whole: a name that was cut to fit could be somebody else's.
 */
import * as z from 'zod/mini';
import type { AccountState } from '../domain/account.ts';
import { partyName, scopeName } from './json.ts';
import { type Scope, scopes } from './operations.ts';
import { DEFAULT_SCOPE } from './scope.ts';

export interface Caller {
  /** The tenant: all that the caller can ever reach. */
  readonly scope: string;
  /** Who it is within the tenant; owner of the accounts that are the caller's own, and actor of what the caller asks for. */
  readonly subject: string;
  readonly permissions: ReadonlySet<Scope>;
}

/** Name of the claim that holds the tenant, unless configured otherwise. */
export const DEFAULT_TENANT_CLAIM = 'tenant';

const claimsSchema = z.looseObject({ sub: partyName, scope: z.optional(z.string()) });
const tenantSchema = z.optional(scopeName);

/** The caller that a verified token's claims tell of; undefined if they do not fit. Scopes that are none of ours are left out. */
export function callerOfClaims(claims: unknown, tenantClaim = DEFAULT_TENANT_CLAIM): Caller | undefined {
  const read = claimsSchema.safeParse(claims);
  if (!read.success) return undefined;
  const tenant = tenantSchema.safeParse(read.data[tenantClaim]);
  if (!tenant.success) return undefined;
  const { sub: subject, scope: granted } = read.data;
  return { scope: tenant.data ?? DEFAULT_SCOPE, subject, permissions: permissionsIn(granted ?? '') };
}

/** As API Gateway hands it from the authorizer to the functions: texts only. */
export interface CallerContext {
  readonly tenant: string;
  readonly subject: string;
  readonly permissions: string;
}

const contextSchema = z.object({ tenant: scopeName, subject: partyName, permissions: z.string() });

export function contextOfCaller({ scope, subject, permissions }: Caller): CallerContext {
  return { tenant: scope, subject, permissions: [...permissions].join(' ') };
}

/** The caller in the context of a request; undefined if no authorizer of ours has put one there. */
export function callerOfContext(context: unknown): Caller | undefined {
  const read = contextSchema.safeParse(context);
  if (!read.success) return undefined;
  const { tenant, subject, permissions } = read.data;
  return { scope: tenant, subject, permissions: permissionsIn(permissions) };
}

function permissionsIn(granted: string): ReadonlySet<Scope> {
  const names = new Set(granted.split(' '));
  return new Set(scopes.filter((scope) => names.has(scope)));
}

/** True if a permission of the list is the caller's; an empty list asks for none. */
export function isPermitted({ permissions }: Caller, anyOf: readonly Scope[]): boolean {
  return anyOf.length === 0 || anyOf.some((scope) => permissions.has(scope));
}

/** Operators act on all accounts of their tenant, everybody else on their own. */
export function isOperator({ permissions }: Caller): boolean {
  return permissions.has('wallet:operate');
}

/** Whether an account may be shown to a caller. Settlement accounts are the operators', whoever stands as their owner. */
export function maySeeAccount(caller: Caller, { kind, owner }: Pick<AccountState, 'kind' | 'owner'>): boolean {
  return isOperator(caller) || (kind === 'customer' && owner === caller.subject);
}

/** What a command carries of its caller. */
export interface CommandAuthority {
  readonly scope: string;
  readonly actor: string;
  readonly asOwner?: true;
}

export function authorityOf(caller: Caller): CommandAuthority {
  const { scope, subject: actor } = caller;
  return isOperator(caller) ? { scope, actor } : { scope, actor, asOwner: true };
}
