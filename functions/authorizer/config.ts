/** What the authorizer is told by its environment. */
import { env } from '../../core/contracts/env.ts';
import { optional } from '../runtime/environment.ts';
import { tokenSettings } from '../runtime/token-settings.ts';
import { readTiers } from './tiers.ts';

export const config = { tokens: tokenSettings(), tiers: readTiers(optional(env.clientTiers)) };
