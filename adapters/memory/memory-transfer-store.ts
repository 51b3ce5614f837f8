/** Claims and statuses in memory. */
import type { Claim, TransferRecord } from '../../core/contracts/claim.ts';
import { rankOf, type StatusWrite } from '../../core/domain/outcome.ts';
import type { ClaimResult, TransferStore } from '../../core/ports.ts';
import { assertDistinct, type WriteHooks, writeWithHooks } from './write-hooks.ts';

export class MemoryTransferStore implements TransferStore {
  readonly hooks: WriteHooks<Claim | StatusWrite>;
  /** Every record by its identity. */
  readonly records = new Map<string, TransferRecord>();

  constructor(hooks: WriteHooks<Claim | StatusWrite> = {}) {
    this.hooks = hooks;
  }

  async claim(claims: readonly Claim[]): Promise<readonly ClaimResult[]> {
    assertDistinct(
      claims.map(({ id }) => id),
      'claim',
    );
    const results: ClaimResult[] = [];
    for (const claim of claims) results.push(await writeWithHooks(this.hooks, claim, () => this.insert(claim)));
    return results;
  }

  async get(ids: readonly string[]): Promise<ReadonlyMap<string, TransferRecord>> {
    const found = new Map<string, TransferRecord>();
    for (const id of ids) {
      const record = this.records.get(id);
      if (record !== undefined) found.set(id, record);
    }
    return found;
  }

  async raise(writes: readonly StatusWrite[]): Promise<void> {
    assertDistinct(
      writes.map(({ id }) => id),
      'status of',
    );
    const unclaimed: string[] = [];
    for (const write of writes) {
      const known = await writeWithHooks(this.hooks, write, () => this.raiseOne(write));
      if (!known) unclaimed.push(write.id);
    }
    if (unclaimed.length > 0) throw new Error(`no claim exists for ${unclaimed.join(', ')}`);
  }

  async *scan(): AsyncIterable<TransferRecord> {
    yield* [...this.records.values()];
  }

  private insert(claim: Claim): ClaimResult {
    const standing = this.records.get(claim.id);
    if (standing !== undefined) return standing;
    this.records.set(claim.id, { ...claim, status: 'claimed' });
    return 'inserted';
  }

  private raiseOne(write: StatusWrite): boolean {
    const standing = this.records.get(write.id);
    if (standing === undefined) return false;
    if (rankOf(standing.status) < rankOf(write.status)) this.records.set(write.id, raised(standing, write));
    return true;
  }
}

/** The claim with its new status; nothing of an earlier status is left. */
function raised(standing: TransferRecord, write: StatusWrite): TransferRecord {
  const { subject, contentHash, by, lane, position, arrival } = standing;
  return { subject, contentHash, ...(by === undefined ? {} : { by }), lane, position, arrival, ...write };
}
