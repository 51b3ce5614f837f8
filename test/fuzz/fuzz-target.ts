/** An embedded wallet to be fuzzed, with the accounts of the examples, and the check that it is sound afterwards. */
import { randomUUID } from 'node:crypto';
import { WalletClient } from '../../client/wallet-client.ts';
import { exampleWorld } from '../../core/contracts/operation-documents.ts';
import { startEmbeddedServer } from '../../local/embedded-server.ts';
import { operatorsToken } from '../../local/issuer.ts';

export interface FuzzTarget {
  readonly port: number;
  /** Header lines that let a request in. */
  readonly headers: readonly (readonly [string, string])[];
  /** Throws unless the books balance and money still moves. */
  assertSound(): Promise<void>;
  close(): Promise<void>;
}

/** @param folder where the wallet keeps its state */
export async function startFuzzTarget(folder: string): Promise<FuzzTarget> {
  const server = await startEmbeddedServer({ folder });
  const token = await operatorsToken();
  const wallet = new WalletClient({ baseUrl: server.url, token });
  const { bank, customers, transfers } = exampleWorld;
  for (const account of [bank, ...customers]) await wallet.openAccount(account);
  for (const one of transfers) await wallet.transfer(one);
  return {
    port: Number(new URL(server.url).port),
    headers: [['authorization', `Bearer ${token}`]],
    assertSound: () => assertSound(wallet),
    close: () => server.close(),
  };
}

async function assertSound(wallet: WalletClient): Promise<void> {
  const books = await wallet.trialBalance();
  if (!books.ok || !books.resource.balanced) throw new Error('the books do not balance after the fuzzing');
  const id = randomUUID();
  const [payer, payee] = [`settlement:${id}`, `fuzzed:${id}`];
  for (const account_id of [payer, payee]) await wallet.openAccount({ account_id, currency: 'USD', owner: 'f' });
  const transfer = { transaction_id: id, from_account: payer, to_account: payee, amount: '1', currency: 'USD' };
  const outcome = await wallet.transfer(transfer);
  if (!outcome.ok || outcome.resource.status !== 'success') {
    throw new Error(`a transfer after the fuzzing is ${JSON.stringify(outcome)}`);
  }
}
