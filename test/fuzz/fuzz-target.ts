/** A wallet to be fuzzed, with the accounts of the examples, and the check that it is sound afterwards. */
import { randomUUID } from 'node:crypto';
import { WalletClient } from '../../client/wallet-client.ts';
import { exampleWorld } from '../../core/contracts/operation-documents.ts';
import { startEmbeddedServer } from '../../local/embedded-server.ts';
import { operatorsToken } from '../../local/issuer.ts';
import type { World } from './fuzz-cases.ts';

export interface FuzzTarget extends World {
  /** Throws unless the books balance and money still moves. */
  assertSound(): Promise<void>;
  close(): Promise<void>;
}

/** An embedded wallet. @param folder where it keeps its state */
export async function startFuzzTarget(folder: string): Promise<FuzzTarget> {
  const server = await startEmbeddedServer({ folder });
  const target = await fuzzTargetAt(server.url, await operatorsToken());
  return { ...target, through: 'nothing', close: () => server.close() };
}

/** A wallet that is up already, behind a gateway. @param token of an operator */
export async function fuzzTargetAt(apiUrl: string, token: string): Promise<FuzzTarget> {
  const wallet = new WalletClient({ baseUrl: apiUrl, token });
  const { bank, customers, transfers } = exampleWorld;
  for (const account of [bank, ...customers]) await wallet.openAccount(account);
  for (const one of transfers) await wallet.transfer(one);
  return {
    url: new URL(apiUrl),
    headers: [['authorization', `Bearer ${token}`]],
    through: 'gateway',
    assertSound: () => assertSound(wallet),
    close: async () => {},
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
