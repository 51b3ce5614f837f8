/** Claims and statuses on local disk. */
import type { Claim, TransferRecord } from '../../core/contracts/claim.ts';
import { rankOf, type StatusWrite } from '../../core/domain/outcome.ts';
import type { ClaimResult, TransferStore } from '../../core/ports.ts';
import type { Acknowledgement } from './acknowledgement.ts';
import { assertDistinct } from './distinct.ts';
import type { WalletStore } from './wallet-store.ts';

export class EmbeddedTransferStore implements TransferStore {
  private readonly store: WalletStore;
  private readonly acknowledgement: Acknowledgement;

  constructor(store: WalletStore, acknowledgement: Acknowledgement) {
    this.store = store;
    this.acknowledgement = acknowledgement;
  }

  async claim(claims: readonly Claim[]): Promise<readonly ClaimResult[]> {
    assertDistinct(
      claims.map(({ id }) => id),
      'claim',
    );
    const results = claims.map((claim): ClaimResult => {
      const standing = this.store.transfer(claim.id);
      if (standing !== undefined) return standing;
      this.store.putTransfer({ ...claim, status: 'claimed' });
      return 'inserted';
    });
    await this.acknowledgement.written();
    return results;
  }

  /** Every read is consistent: there is one copy. */
  async get(ids: readonly string[]): Promise<ReadonlyMap<string, TransferRecord>> {
    const found = new Map<string, TransferRecord>();
    let frame = 0;
    for (const id of ids) {
      const record = this.store.transfer(id);
      if (record === undefined) continue;
      found.set(id, record);
      frame = Math.max(frame, this.store.frameOfTransfer(id));
    }
    await this.acknowledgement.read(frame);
    return found;
  }

  async raise(writes: readonly StatusWrite[]): Promise<void> {
    assertDistinct(
      writes.map(({ id }) => id),
      'status of',
    );
    const unclaimed: string[] = [];
    for (const write of writes) {
      const standing = this.store.transfer(write.id);
      if (standing === undefined) unclaimed.push(write.id);
      else if (rankOf(standing.status) < rankOf(write.status)) this.store.putTransfer(raised(standing, write));
    }
    await this.acknowledgement.written();
    if (unclaimed.length > 0) throw new Error(`no claim exists for ${unclaimed.join(', ')}`);
  }

  async *scan(): AsyncIterable<TransferRecord> {
    yield* this.store.transfers();
  }
}

/** The claim with its new status; nothing of an earlier status is left. */
function raised(standing: TransferRecord, write: StatusWrite): TransferRecord {
  const { subject, contentHash, by, lane, position, arrival } = standing;
  return { subject, contentHash, ...(by === undefined ? {} : { by }), lane, position, arrival, ...write };
}
