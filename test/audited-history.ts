/** A ledger with a bit of everything in it, for audits: transfers that end in each way, requests, a log that holds only refusals. */
import { debit, MemoryWallet, request, transferId } from './memory-wallet.ts';

/** The wallet, at rest. Money moved on several days. */
export async function livedWallet(): Promise<MemoryWallet> {
  const wallet = new MemoryWallet();
  for (const account of ['settlement:bank', 'alice', 'bob']) await wallet.open(account);
  await wallet.open('carol', { overdraftLimit: 50n, request: 'open-carol' });
  await wallet.open('carol', { overdraftLimit: 60n, request: 'open-carol-again' });
  let id = 0;
  const move = async (from: string, to: string, amount: bigint): Promise<void> => {
    id += 1;
    await wallet.send(debit(transferId(id), from, to, amount));
    await wallet.settle();
    wallet.clock.advance(3_600_000);
  };
  for (let day = 0; day < 5; day += 1) {
    await move('settlement:bank', 'alice', 1_000n);
    await move('alice', 'bob', 300n);
    await move('carol', 'bob', 10n);
    await move('bob', 'nobody', 5n);
    await move('bob', 'alice', 1_000_000n);
    wallet.clock.advance(86_400_000);
  }
  for (const type of ['FreezeAccount', 'FreezeAccount', 'UnfreezeAccount', 'CloseAccount'] as const) {
    id += 1;
    await wallet.send(request(type, 'bob', `request-${id}`));
    await wallet.settle();
  }
  await wallet.send(debit(transferId(900), 'alice', 'bob', 1n));
  await wallet.deliverNew();
  await wallet.project();
  return wallet;
}
