/** An embedded wallet to be fuzzed, with the accounts of the examples, and the check that it is sound afterwards. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
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

const trialBalance = z.object({ balanced: z.boolean() });
const transfer = z.object({ status: z.string() });

/** @param folder where the wallet keeps its state */
export async function startFuzzTarget(folder: string): Promise<FuzzTarget> {
  const server = await startEmbeddedServer({ folder });
  const headers: FuzzTarget['headers'] = [['authorization', `Bearer ${await operatorsToken()}`]];
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const type = { 'content-type': 'application/json' };
    const response = await fetch(`${server.url}${path}`, {
      ...sent,
      headers: { ...Object.fromEntries(headers), ...type },
    });
    return response.json();
  };
  const { bank, customers, transfers } = exampleWorld;
  for (const account of [bank, ...customers]) await ask('/v1/wallet/accounts', account);
  for (const one of transfers) await ask('/v1/wallet/balance_transfer', one);
  return {
    port: Number(new URL(server.url).port),
    headers,
    assertSound: async () => {
      const { balanced } = trialBalance.parse(await ask('/v1/wallet/trial_balance'));
      if (!balanced) throw new Error('the books do not balance after the fuzzing');
      const id = randomUUID();
      const accounts = [`settlement:${id}`, `fuzzed:${id}`].map((account_id) => ({
        account_id,
        currency: 'USD',
        owner: 'f',
      }));
      for (const account of accounts) await ask('/v1/wallet/accounts', account);
      const [payer, payee] = accounts.map(({ account_id }) => account_id);
      const body = { transaction_id: id, from_account: payer, to_account: payee, amount: '1', currency: 'USD' };
      const { status } = transfer.parse(await ask('/v1/wallet/balance_transfer', body));
      if (status !== 'success') throw new Error(`a transfer after the fuzzing is ${status}`);
    },
    close: () => server.close(),
  };
}
