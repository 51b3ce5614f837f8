/**
 * Where a command finds the wallet: a folder of the embedded wallet (`--data`), which may be running, or a deployed stack
 * (`--stack`, on AWS or on a local cloud at `--endpoint`), whose outputs name its tables. Commands get ports and cannot tell.
 */
import { DynamoDbArchiveIndex } from '../adapters/aws/dynamodb-archive-index.ts';
import { DynamoDbDailyBalancesShelf } from '../adapters/aws/dynamodb-daily-balances.ts';
import { DynamoDbEventLog } from '../adapters/aws/dynamodb-event-log.ts';
import { DynamoDbGenerationPointer } from '../adapters/aws/dynamodb-generation-pointer.ts';
import { DynamoDbLedgerScan } from '../adapters/aws/dynamodb-ledger-scan.ts';
import { DynamoDbNoteStore } from '../adapters/aws/dynamodb-note-store.ts';
import { DynamoDbTransferStore } from '../adapters/aws/dynamodb-transfer-store.ts';
import { DynamoDbViewShelf } from '../adapters/aws/dynamodb-view-store.ts';
import { S3Archive } from '../adapters/aws/s3-archive.ts';
import { S3Seals } from '../adapters/aws/s3-seals.ts';
import { stackOutputs } from '../adapters/aws/stack-outputs.ts';
import { FolderSeals } from '../adapters/embedded/folder-seals.ts';
import { lookIntoWallet } from '../adapters/embedded/look-into-wallet.ts';
import { pastOf, sealsFolderOf } from '../adapters/embedded/wallet-folder.ts';
import { sha256 } from '../adapters/node/sha256.ts';
import { SystemClock } from '../adapters/node/system-clock.ts';
import { ArchivedEventLog } from '../core/flows/archived-event-log.ts';
import { ArchivedLedgerScan } from '../core/flows/archived-ledger-scan.ts';
import { LiveDailyBalances, LiveViews } from '../core/flows/live-views.ts';
import type { RebuildPorts } from '../core/flows/rebuild-views.ts';
import type {
  Archive,
  ArchiveIndex,
  Clock,
  DailyBalances,
  Digest,
  EventLog,
  LedgerScan,
  NoteStore,
  SealStore,
  TransferStore,
  ViewScan,
  ViewStore,
} from '../core/ports.ts';
import { CommandError, exitCodes } from './exit-codes.ts';

/** Options that every command has. */
export interface SourceOptions {
  readonly data?: string;
  readonly stack?: string;
  readonly region?: string;
  readonly endpoint?: string;
  /** Folder of the seals; else the one in the wallet's folder, or the stack's bucket. */
  readonly seals?: string;
}

export interface Source {
  readonly log: EventLog;
  readonly scan: LedgerScan;
  readonly transfers: TransferStore;
  readonly notes: NoteStore;
  readonly views: ViewStore & ViewScan;
  readonly archive: Archive;
  readonly index: ArchiveIndex;
  readonly dailyBalances: DailyBalances;
  readonly clock: Clock;
  readonly digest: Digest;
  /** Undefined on a stack that has no bucket for them. */
  readonly seals: SealStore | undefined;
  /** The views in all their generations; undefined on a folder, which has one. */
  readonly generations: Pick<RebuildPorts, 'pointer' | 'views' | 'dailyBalances'> | undefined;
  /** The embedded wallet's folder; undefined on a stack. */
  readonly folder: string | undefined;
  /** Outputs of the stack by name; empty on a folder. */
  readonly outputs: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/** Where `npm start` keeps its state unless told otherwise. */
const DEFAULT_FOLDER = 'data';
const tools = { clock: new SystemClock(), digest: sha256 };

/** Opens the wallet that the options name. Nothing of it can be changed through what comes back. */
export async function openSource({ data, stack, region, endpoint, seals }: SourceOptions): Promise<Source> {
  if (data !== undefined && stack !== undefined)
    throw new CommandError(exitCodes.usage, '--data and --stack name two wallets; give one of them');
  if (stack === undefined && (region ?? endpoint) !== undefined)
    throw new CommandError(exitCodes.usage, '--region and --endpoint go with --stack');
  const source = stack === undefined ? openFolder(data ?? DEFAULT_FOLDER) : await openStack(stack, region, endpoint);
  return seals === undefined ? source : { ...source, seals: new FolderSeals(seals) };
}

function openFolder(folder: string): Source {
  const seals = new FolderSeals(sealsFolderOf(folder));
  return { ...lookIntoWallet(folder), ...tools, ...pastOf(folder), seals, ...ofFolder(folder) };
}

/** What a folder has instead of a stack's. */
function ofFolder(folder: string) {
  return { folder, generations: undefined, outputs: new Map<string, string>() };
}

async function openStack(stack: string, region: string | undefined, endpoint: string | undefined): Promise<Source> {
  if (region !== undefined) process.env['AWS_REGION'] = region;
  if (endpoint !== undefined) useEmulator(endpoint);
  const outputs = await stackOutputs(stack);
  const named = (output: string): string => {
    const name = outputs.get(output);
    if (name === undefined) throw new CommandError(exitCodes.unreadable, `stack ${stack} has no output ${output}`);
    return name;
  };
  const ledger = { tableName: named('LedgerTable') };
  const viewsTable = { tableName: named('ViewsTable') };
  const generations = {
    pointer: new DynamoDbGenerationPointer(viewsTable),
    views: new DynamoDbViewShelf(viewsTable),
    dailyBalances: new DynamoDbDailyBalancesShelf({ tableName: named('ArchiveIndexTable') }),
  };
  const bucketName = outputs.get('SealsBucket');
  const archive = new S3Archive({ bucketName: named('ArchiveBucket') });
  const index = new DynamoDbArchiveIndex({ tableName: named('ArchiveIndexTable') });
  const past = { archive, index, digest: sha256 };
  return {
    log: new ArchivedEventLog(new DynamoDbEventLog(ledger), past),
    scan: new ArchivedLedgerScan(new DynamoDbLedgerScan({ ...ledger, consistent: true }), past),
    archive,
    index,
    generations,
    dailyBalances: new LiveDailyBalances(generations.pointer, generations.dailyBalances),
    transfers: new DynamoDbTransferStore({ tableName: named('TransfersTable') }),
    notes: new DynamoDbNoteStore({ tableName: named('NotesTable') }),
    views: new LiveViews(generations.pointer, generations.views),
    ...tools,
    seals: bucketName === undefined ? undefined : new S3Seals({ bucketName }),
    folder: undefined,
    outputs,
    close: async () => {},
  };
}

/** The seals of a wallet. @throws {CommandError} if it has no place for them */
export function sealsOf({ seals }: Source): SealStore {
  if (seals !== undefined) return seals;
  throw new CommandError(exitCodes.usage, 'this stack has no bucket of seals; name a folder with --seals');
}

/** Emulators take any credentials and know every region; whoever has their own keeps them. */
function useEmulator(endpoint: string): void {
  const defaults = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' };
  Object.assign(process.env, { ...defaults, ...process.env, AWS_ENDPOINT_URL: endpoint });
}
