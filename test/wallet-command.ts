/** The command `wallet`, run within the test's own process: how it ended, what it told, and what it complained of. */
import { vi } from 'vitest';
import { runWallet } from '../cli/wallet.ts';

export interface Told {
  readonly code: number;
  readonly text: string;
  readonly complaints: readonly string[];
}

export async function runCommand(...args: readonly string[]): Promise<Told> {
  const written: string[] = [];
  const complaints: string[] = [];
  const complaint = vi.spyOn(console, 'error').mockImplementation((told) => void complaints.push(String(told)));
  try {
    const code = await runWallet(args, { write: (text) => void written.push(text) });
    return { code, text: written.join(''), complaints };
  } finally {
    complaint.mockRestore();
  }
}

/** As {@link runCommand}, with what it told as JSON; undefined if it told nothing. */
export async function askCommand(...args: readonly string[]) {
  const { code, text, complaints } = await runCommand(...args, '--json');
  return { code, told: text === '' ? undefined : JSON.parse(text), complaints };
}
