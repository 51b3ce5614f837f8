/** The command `wallet` on the deployed stack, as JSON. */
import { inject, vi } from 'vitest';
import { runWallet } from '../../cli/wallet.ts';

const { endpoint, region } = inject('stack');

/** How a command finds the stack. */
export const stackOptions: readonly string[] = ['--stack', 'Wallet', '--endpoint', endpoint, '--region', region];

export interface Told {
  readonly code: number;
  /** Undefined if the command told nothing. */
  readonly told: unknown;
  /** What it complained of. */
  readonly complaints: readonly string[];
}

export async function wallet(...args: readonly string[]): Promise<Told> {
  const written: string[] = [];
  const complaints: string[] = [];
  const complaint = vi.spyOn(console, 'error').mockImplementation((told) => void complaints.push(String(told)));
  try {
    const out = { write: (text: string) => void written.push(text) };
    const code = await runWallet([...args, ...stackOptions, '--json'], out);
    return { code, told: written.length === 0 ? undefined : JSON.parse(written.join('')), complaints };
  } finally {
    complaint.mockRestore();
  }
}
