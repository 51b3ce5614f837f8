/** The command `wallet` on the deployed stack, as JSON. */
import { inject } from 'vitest';
import { askCommand } from '../wallet-command.ts';

const { endpoint, region } = inject('stack');

export interface Told {
  readonly code: number;
  /** Undefined if the command told nothing. */
  readonly told: unknown;
  readonly complaints: readonly string[];
}

export function wallet(...args: readonly string[]): Promise<Told> {
  return askCommand(...args, '--stack', 'Wallet', '--endpoint', endpoint, '--region', region);
}
