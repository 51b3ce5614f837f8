/** Names of environment variables, metrics and what else the functions, the CDK app and the alarms share: their one place. */
export const env = {
  ledgerTable: 'LEDGER_TABLE',
  transfersTable: 'TRANSFERS_TABLE',
  viewsTable: 'VIEWS_TABLE',
  openWorkTable: 'OPEN_WORK_TABLE',
  notesTable: 'NOTES_TABLE',
  commandStream: 'COMMAND_STREAM',
  /** Number of lanes; fixed when the stream is made. */
  lanes: 'LANES',
  /** Raised when the stream is replaced by another. */
  streamEpoch: 'STREAM_EPOCH',
  sagaArn: 'SAGA_ARN',
  quarantineBucket: 'QUARANTINE_BUCKET',
  /** Bus that outcomes of transfers are told on. */
  outcomeBus: 'OUTCOME_BUS',
  /** Whose tokens are trusted (the claim `iss`). */
  tokenIssuer: 'TOKEN_ISSUER',
  /** Whom they must be for (the claim `aud`). */
  tokenAudience: 'TOKEN_AUDIENCE',
  /** Address of the issuer's public keys; by default the usual place below the issuer. */
  tokenJwksUri: 'TOKEN_JWKS_URI',
  /** The issuer's public keys themselves; nothing is fetched then. */
  tokenJwks: 'TOKEN_JWKS',
  /** Name of the claim that holds the tenant. */
  tokenTenantClaim: 'TOKEN_TENANT_CLAIM',
  /** Which usage plan counts which tenant's requests. */
  clientTiers: 'CLIENT_TIERS',
  archiveBucket: 'ARCHIVE_BUCKET',
  archiveIndexTable: 'ARCHIVE_INDEX_TABLE',
  /** Parts that the accounts are closed and pruned in. */
  archiveSegments: 'ARCHIVE_SEGMENTS',
  /** Where the seals of days are kept. */
  sealsBucket: 'SEALS_BUCKET',
  /** Days that commits stay in the ledger's table at least. */
  hotDays: 'HOT_DAYS',
  webhooksTable: 'WEBHOOKS_TABLE',
  /** Address of the queue of deliveries to webhooks. */
  deliveryQueue: 'DELIVERY_QUEUE',
  /** Who is connected by WebSocket, and waits for what; absent where there is no WebSocket. */
  subscriptionsTable: 'SUBSCRIPTIONS_TABLE',
  /** Address of the queue of transfers that somebody waits for; absent where there is no WebSocket. */
  pushQueue: 'PUSH_QUEUE',
  /** Address under which connections are reached. */
  socketEndpoint: 'SOCKET_ENDPOINT',
  /** Only preset `local`: path of that address on an emulator, which resolves no host names of AWS. */
  emulatedSocketPath: 'EMULATED_SOCKET_PATH',
  /** Only preset `local`: `true` lets webhooks be on this machine, and over http. */
  allowLoopbackWebhooks: 'ALLOW_LOOPBACK_WEBHOOKS_ON_THIS_MACHINE',
  /** Only preset `local`: table that says where the processor is to be killed. */
  faultsTable: 'FAULTS_TABLE',
  /** Only preset `local`: `true` where the cloud writes no stream record for what a batch of statements inserts. */
  appendOneByOne: 'APPEND_ONE_BY_ONE',
  /** Only preset `local`: file that gets one line per request to AWS. */
  callLog: 'WALLET_CALL_LOG',
} as const;

/** Partition of the table of views that holds a tenant's reports; the function that makes them may write there and nowhere else. */
export function reportsView(scope: string): string {
  return `reports#${scope}`;
}

/** Source of the wallet's events on the bus. */
export const EVENT_SOURCE = 'wallet';

export const METRIC_NAMESPACE = 'Wallet';

/** Metrics that the wallet emits itself; alarms are made on them. */
export const metrics = {
  /** Commands and records put into quarantine. */
  quarantined: 'Quarantined',
  /** Commands found below their account's position without an outcome: the stream's order was broken upstream. */
  orderBroken: 'OrderBroken',
  /** Ordinary credits and refunds outside the window of their origin: clocks differ, or the stream is late. */
  outsideWindow: 'OutsideWindow',
  /** Same identity with other content. */
  conflicts: 'Conflicts',
  /** Commands that were known as copies and did nothing. */
  duplicates: 'Duplicates',
  /** Commits appended. */
  commits: 'Commits',
  /** Commands decided. */
  decided: 'Decided',
  /** Appends that met another writer's commit. */
  appendConflicts: 'AppendConflicts',
  /** Refunds applied to closed accounts. */
  refundsToClosed: 'RefundsToClosed',
  /** Sagas started. */
  sagasStarted: 'SagasStarted',
  /** Transfers that a recovery gave to the operators. */
  reported: 'Reported',
  /** Sagas that the check-back started again. */
  sagasRestarted: 'SagasRestarted',
  /** Open work that is older than it should ever be. */
  openWorkOverdue: 'OpenWorkOverdue',
  /** Requests, and items of batches, that are not what the API asks for. */
  requestsInvalid: 'RequestsInvalid',
  /** Requests, and items of batches, that an account refused. */
  requestsRefused: 'RequestsRefused',
  /** Requests that met trouble of the infrastructure. */
  requestsUnserved: 'RequestsUnserved',
  /** Requests that met a fault of the wallet itself. */
  requestsBroken: 'RequestsBroken',
  /** Changes of commits in the ledger, which is only ever appended to. */
  ledgerTampered: 'LedgerTampered',
  /** Outcomes of transfers told on the bus. */
  outcomesPublished: 'OutcomesPublished',
  /** Events that a webhook took. */
  webhooksDelivered: 'WebhooksDelivered',
  /** Attempts to deliver an event that failed; all but the last are made again. */
  webhooksFailed: 'WebhooksFailed',
  /** Events that a webhook did not take in a day. */
  webhooksDead: 'WebhooksDead',
  /** Outcomes told over WebSockets. */
  outcomesPushed: 'OutcomesPushed',
  /** Clients on WebSockets that did not read what they were told, and were disconnected. */
  clientsDropped: 'ClientsDropped',
  /** Handshakes and messages of WebSockets that met trouble or a fault of the wallet. */
  socketTrouble: 'SocketTrouble',
  /** Transfers that have ended while it could not be found out, or passed on, that somebody waits for them. */
  pushesLost: 'PushesLost',
  /** Trial balances whose sums are not zero. */
  unbalanced: 'Unbalanced',
  /** Days that are over and not closed an hour after midnight. */
  dayNotClosed: 'DayNotClosed',
  /** Closed days that are not sealed an hour after midnight. */
  dayNotSealed: 'DayNotSealed',
  /** Days whose stored seal is another than what they should have. */
  sealDiffers: 'SealDiffers',
  /** Closed days whose sums are not zero, or with damaged logs. */
  dayUnbalanced: 'DayUnbalanced',
  /** Commits that were appended with a time inside a closed day. */
  lateCommits: 'LateCommits',
  /** Commits that left the ledger's table. */
  commitsPruned: 'CommitsPruned',
  /** Accounts whose archive does not hold what it should. */
  archiveDamaged: 'ArchiveDamaged',
} as const;

export type MetricName = (typeof metrics)[keyof typeof metrics];
