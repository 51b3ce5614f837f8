/**
 * The flows of the processor, the saga and the projector over the DynamoDB adapters, with stand-ins for Kinesis and Step
 * Functions, driven by hand. All that a transfer causes between the stream of commands and its final status is counted.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientSettings } from '../../adapters/aws/clients.ts';
import { DynamoDbEventLog } from '../../adapters/aws/dynamodb-event-log.ts';
import { dynamoDbViews } from '../../adapters/aws/dynamodb-live-views.ts';
import { DynamoDbOpenWork } from '../../adapters/aws/dynamodb-open-work.ts';
import { commitOfStreamImage } from '../../adapters/aws/dynamodb-stream-commits.ts';
import { DynamoDbTransferStore } from '../../adapters/aws/dynamodb-transfer-store.ts';
import { CountingMeter } from '../../adapters/memory/counting-meter.ts';
import { ManualClock } from '../../adapters/memory/manual-clock.ts';
import { MemoryCommandStream } from '../../adapters/memory/memory-command-stream.ts';
import { MemoryQuarantine } from '../../adapters/memory/memory-quarantine.ts';
import { MemorySagaStarter } from '../../adapters/memory/memory-saga-starter.ts';
import { SilentJournal } from '../../adapters/memory/silent-journal.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import type { SagaChunk } from '../../core/contracts/saga-chunk.ts';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import type { AccountCommand } from '../../core/domain/account.ts';
import { AccountCache } from '../../core/flows/account-cache.ts';
import { advanceTransfers } from '../../core/flows/advance-transfer.ts';
import { processShard } from '../../core/flows/process-shard.ts';
import { project } from '../../core/flows/project.ts';
import { makeTables } from '../contract/wallet-tables.ts';
import { DynamoDbBill } from './dynamodb-bill.ts';

/** As in preset `prod`. */
const LANES = 8_192;
/** More steps than any transfer of these tests takes. */
const MOST_ROUNDS = 20;
/** Entered in each step of a saga: the task and the choice behind it; then a wait, or the end. */
const STATES_PER_STEP = 3;

/** What a run caused. */
export interface Usage {
  readonly requests: number;
  readonly writeUnits: number;
  /** Those of them that record sagas as open work and take the records away again: per saga, not per transfer. */
  readonly openWorkUnits: number;
  readonly readUnits: number;
  /** Records of the ledger's stream: commits. */
  readonly streamRecords: number;
  readonly commandRecords: number;
  readonly executions: number;
  readonly transitions: number;
  /** Commits by account. */
  readonly commits: ReadonlyMap<string, readonly StoredCommit[]>;
}

export class MeteredWallet {
  readonly clock = new ManualClock();
  readonly digest = sha256;
  readonly meter = new CountingMeter();
  readonly journal = new SilentJournal();
  readonly quarantine = new MemoryQuarantine();
  readonly sagas = new MemorySagaStarter();
  readonly commands = new MemoryCommandStream({ lanes: LANES, digest: sha256, clock: this.clock });
  readonly log: DynamoDbEventLog;
  readonly transfers: DynamoDbTransferStore;
  readonly views: ReturnType<typeof dynamoDbViews>;
  readonly openWork: DynamoDbOpenWork;
  private readonly bill: DynamoDbBill;
  private transitions = 0;
  private delivered = 0;
  private projected = 0;
  private started = 0;
  private readonly seen = { executions: 0, commandRecords: 0 };

  private constructor(client: DynamoDBClient, tables: Awaited<ReturnType<typeof makeTables>>) {
    this.bill = new DynamoDbBill(client, tables);
    this.log = new DynamoDbEventLog({ tableName: tables.ledger, client });
    this.transfers = new DynamoDbTransferStore({ tableName: tables.transfers, client });
    this.openWork = new DynamoDbOpenWork({ tableName: tables.openWork, client });
    this.views = dynamoDbViews({ tableName: tables.views, client });
  }

  /** A wallet with empty tables at the endpoint of a stand-in for DynamoDB. */
  static async at(endpoint: string): Promise<MeteredWallet> {
    const place = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
    const tables = await makeTables(new DynamoDBClient(place));
    return new MeteredWallet(new DynamoDBClient({ ...clientSettings(), ...place }), tables);
  }

  /** Sends commands as one caller's batch, settles all that follows, and tells what it took; processors start cold. */
  async run(commands: readonly AccountCommand[]): Promise<Usage> {
    this.startCounting();
    await this.commands.send(commands);
    const cache = new AccountCache();
    let open: readonly SagaChunk[] = [];
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      await this.deliverNew(cache);
      await this.projectNew();
      open = [...open, ...this.newSagas()];
      if (open.length === 0 && this.delivered === this.commands.records.length) return this.usage();
      open = await this.stepAll(open);
      this.clock.advance(1_000);
    }
    throw new Error(`the wallet did not come to rest in ${MOST_ROUNDS} rounds`);
  }

  private async deliverNew(cache: AccountCache): Promise<void> {
    const records = this.commands.records.slice(this.delivered);
    this.delivered += records.length;
    if (records.length > 0) await processShard({ ...this, cache }, { lanes: LANES, epoch: 1 }, records);
  }

  private async projectNew(): Promise<void> {
    const images = this.bill.streamRecords.slice(this.projected);
    this.projected += images.length;
    if (images.length > 0) await project(this, images.map(commitOfStreamImage));
  }

  private newSagas(): readonly SagaChunk[] {
    const chunks = this.sagas.started.slice(this.started);
    this.started += chunks.length;
    return chunks;
  }

  private async stepAll(chunks: readonly SagaChunk[]): Promise<readonly SagaChunk[]> {
    const waiting: SagaChunk[] = [];
    for (const chunk of chunks) {
      const advanced = await advanceTransfers(this, chunk, 'saga');
      this.transitions += STATES_PER_STEP;
      if (advanced.next_action === 'wait') waiting.push(advanced);
    }
    return waiting;
  }

  private startCounting(): void {
    this.bill.reset();
    this.projected = 0;
    this.transitions = 0;
    this.seen.executions = this.sagas.started.length;
    this.seen.commandRecords = this.commands.records.length;
  }

  private usage(): Usage {
    const commits = this.bill.streamRecords.map(commitOfStreamImage);
    return {
      requests: this.bill.requests,
      writeUnits: this.bill.allWriteUnits,
      openWorkUnits: this.bill.writeUnits.openWork,
      readUnits: this.bill.readUnits,
      streamRecords: commits.length,
      commandRecords: this.commands.records.length - this.seen.commandRecords,
      executions: this.sagas.started.length - this.seen.executions,
      transitions: this.transitions,
      commits: Map.groupBy(commits, ({ account }) => account),
    };
  }
}
