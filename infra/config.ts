/**
 * The presets: all that differs between the stages the wallet is deployed to, and the reason for each number. Choose one with
 * `-c stage=local|dev|prod`; the default stands in cdk.json.
 */

/** A stage's settings. */
export interface StageConfig {
  readonly stage: StageName;
  /** Number of lanes that accounts are spread over. Fixed when the stream is made: an account's lane must never change. */
  readonly lanes: number;
  /** Raised by one whenever the stream of commands is replaced by another, so that positions stay comparable. */
  readonly streamEpoch: number;
  /** Shards of a provisioned stream; `undefined` lets Kinesis scale on demand. */
  readonly streamShards: number | undefined;
  readonly commandMapping: MappingConfig;
  readonly projectionMapping: MappingConfig;
  /** Outcomes of transfers are told on a bus; each costs a millionth of a dollar on AWS, about as much as one write unit and a half. */
  readonly publishOutcomes: boolean;
  /**
   * Clients can wait for outcomes by WebSocket; each transfer that ends then costs a read unit more. Not every emulator has WebSocket
   * APIs, so preset `local` has it by the context `webSocketPush=true` only.
   */
  readonly webSocketPush: boolean;
  /** Parts that the accounts are closed and pruned in; each has 15 minutes at most. */
  readonly archiveSegments: number;
  /** Days that commits stay in the ledger's table; `undefined` keeps them there for ever. At least 7 (PROTOCOL, rule 17). */
  readonly hotDays: number | undefined;
  /** For how long nobody can remove or change the seal of a day. */
  readonly sealLock: SealLockConfig;
  /** Minutes between two runs of the scheduled trial balance. */
  readonly trialBalanceMinutes: number;
  /** Data outlives the stack, tables and stack refuse their deletion. */
  readonly keepData: boolean;
  /** Step Functions logs all states with their data, else failures only, without data: chunks name customers. */
  readonly logSagaData: boolean;
  readonly logRetentionDays: number;
  /** What the operators are told is encrypted with a key of the wallet's own. Not every emulator can make one. */
  readonly encryptReports: boolean;
  /**
   * Most requests that wait for outcomes at once; `undefined` for no limit. Each keeps an environment of the intake busy for as
   * long as it waits, and the functions that it waits for need environments of the same account's quota.
   */
  readonly mostWaitingRequests: number | undefined;
  readonly throttleRate: number;
  readonly throttleBurst: number;
  /** How many requests the tenants of each tier may send; `undefined` counts none. Not every emulator has usage plans. */
  readonly clientTiers: ClientTiersConfig | undefined;
  /** Webhooks may be on the machine itself, and over http: a webhook could then call whatever listens there. */
  readonly allowLoopbackWebhooks: boolean;
  /** Lets tests kill the processor at chosen points, and write down each call that a function makes to AWS. */
  readonly faultInjection: boolean;
}

/** Tiers of tenants. Best effort: API Gateway itself does not promise to stop at the very request. */
export interface ClientTiersConfig {
  readonly plans: Readonly<Record<string, PlanConfig>>;
  /** Tier of each tenant that is not of the usual one. */
  readonly tenants: Readonly<Record<string, string>>;
  readonly usual: string;
}

/** Of all tenants of a tier together. */
export interface PlanConfig {
  /** Requests per second, in the long run and at once. */
  readonly rate: number;
  readonly burst: number;
  readonly requestsPerDay: number;
}

/** Object lock of S3. `compliance` binds everybody, root and AWS's support too; `governance` who has no right to bypass it. */
export interface SealLockConfig {
  readonly mode: 'compliance' | 'governance';
  readonly days: number;
}

/** How a function reads a stream. */
export interface MappingConfig {
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  /** Batches per shard that are worked on at once; each account stays within one of them. */
  readonly parallelizationFactor: number;
}

export type StageName = (typeof stageNames)[number];

const stageNames = ['local', 'dev', 'prod'] as const;

const SECONDS_PER_DAY = 24 * 60 * 60;

/** One event source mapping can take this many records of a stream in a batch. AWS Lambda quota. */
const MOST_RECORDS_IN_A_BATCH = 10_000;

const local: StageConfig = {
  stage: 'local',
  lanes: 64,
  streamEpoch: 1,
  streamShards: 2,
  // Without a window: on one machine the wait would be all there is to a transfer's latency.
  commandMapping: { batchSize: 1_000, batchingWindowSeconds: 0, parallelizationFactor: 1 },
  projectionMapping: { batchSize: 1_000, batchingWindowSeconds: 0, parallelizationFactor: 1 },
  publishOutcomes: true,
  webSocketPush: false,
  archiveSegments: 4,
  hotDays: 7,
  sealLock: { mode: 'governance', days: 1 },
  trialBalanceMinutes: 5,
  keepData: false,
  logSagaData: true,
  logRetentionDays: 1,
  encryptReports: false,
  mostWaitingRequests: undefined,
  throttleRate: 10_000,
  throttleBurst: 5_000,
  clientTiers: undefined,
  allowLoopbackWebhooks: true,
  faultInjection: true,
};

/** Nearly all of what the stage takes for most tenants, and a tenth for those that `tenants` says are of the tier `small`. */
function tiersOfStage(rate: number, burst: number): ClientTiersConfig {
  const plan = (share: number): PlanConfig => ({
    rate: rate * share,
    burst: burst * share,
    requestsPerDay: rate * share * SECONDS_PER_DAY,
  });
  return { plans: { usual: plan(0.9), small: plan(0.1) }, tenants: {}, usual: 'usual' };
}

const dev: StageConfig = {
  stage: 'dev',
  lanes: 1_024,
  streamEpoch: 1,
  streamShards: undefined,
  commandMapping: { batchSize: 1_000, batchingWindowSeconds: 0, parallelizationFactor: 1 },
  projectionMapping: { batchSize: 1_000, batchingWindowSeconds: 0, parallelizationFactor: 1 },
  publishOutcomes: true,
  webSocketPush: true,
  archiveSegments: 16,
  hotDays: 7,
  sealLock: { mode: 'governance', days: 1 },
  trialBalanceMinutes: 15,
  keepData: false,
  logSagaData: true,
  logRetentionDays: 14,
  encryptReports: true,
  // New accounts may have a quota of 10 environments, of which nothing can be set apart.
  mostWaitingRequests: undefined,
  throttleRate: 500,
  throttleBurst: 250,
  clientTiers: tiersOfStage(500, 250),
  allowLoopbackWebhooks: false,
  faultInjection: false,
};

const prod: StageConfig = {
  stage: 'prod',
  lanes: 8_192,
  streamEpoch: 1,
  streamShards: undefined,
  // A second of waiting makes batches of a busy shard full, and folding is what makes a transfer cheap.
  commandMapping: { batchSize: MOST_RECORDS_IN_A_BATCH, batchingWindowSeconds: 1, parallelizationFactor: 4 },
  projectionMapping: { batchSize: MOST_RECORDS_IN_A_BATCH, batchingWindowSeconds: 1, parallelizationFactor: 4 },
  publishOutcomes: true,
  webSocketPush: true,
  archiveSegments: 64,
  // A deletion costs what two and a half months of storage do (ADR 31).
  hotDays: 90,
  // Books are kept for ten years in most places. It cannot be taken back (ADR 38).
  sealLock: { mode: 'compliance', days: 10 * 366 },
  trialBalanceMinutes: 5,
  keepData: true,
  logSagaData: false,
  logRetentionDays: 400,
  encryptReports: true,
  // Four tenths of Lambda's default quota of 1,000; raise it with the quota.
  mostWaitingRequests: 400,
  // The account's quota of API Gateway in the large regions; beyond it a caller sees 429 anyway.
  throttleRate: 10_000,
  throttleBurst: 5_000,
  clientTiers: tiersOfStage(10_000, 5_000),
  allowLoopbackWebhooks: false,
  faultInjection: false,
};

const presets: Readonly<Record<StageName, StageConfig>> = { local, dev, prod };

/** The preset of that name. Throws on any other name. */
export function stageConfig(name: unknown): StageConfig {
  const stage = stageNames.find((known) => known === name);
  if (stage === undefined) throw new Error(`stage is "${String(name)}", expected one of ${stageNames.join(', ')}`);
  return assertSafe(presets[stage]);
}

/** A preset with what was asked for beside it: an emulator that has WebSocket APIs gets them. */
export function withWishes(config: StageConfig, wishes: { readonly webSocketPush: boolean }): StageConfig {
  return config.stage === 'local' ? { ...config, webSocketPush: wishes.webSocketPush } : config;
}

/** Throws when settings that are for one machine only would reach a stage that others reach. */
export function assertSafe(config: StageConfig): StageConfig {
  if (config.stage === 'local') return config;
  if (!config.encryptReports) {
    throw new Error(`stage ${config.stage} has encryptReports = false: reports name customers' transfers`);
  }
  if (config.allowLoopbackWebhooks) {
    throw new Error(`stage ${config.stage} has allowLoopbackWebhooks = true: webhooks could call what is private`);
  }
  if (config.faultInjection) {
    throw new Error(`stage ${config.stage} has faultInjection = true: a table row could kill the processor`);
  }
  return config;
}
