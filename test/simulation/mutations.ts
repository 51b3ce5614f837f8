/**
 * Deliberate bugs: each breaks one rule of docs/PROTOCOL.md, or one of the invariants that the rules serve, in the way somebody
 * could break it by mistake. The simulation must catch every one of them within a stated number of days.
 */

/** One text that is replaced by another; it must stand in its file exactly once. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface Mutation {
  readonly name: string;
  /** Rules of docs/PROTOCOL.md. */
  readonly rules: readonly number[];
  /** Numbers of docs/INVARIANTS.md. */
  readonly invariants: readonly number[];
  /** Days within which it must be caught. */
  readonly within: number;
  /** The first day's seed, 1 unless given. */
  readonly from?: number;
  readonly edits: readonly Edit[];
}

/** A bug that shows within so few days is checked by every run of the tests. */
const FEW = 40;
const SOME = 100;
const MANY = 400;

const flows = 'core/flows';
/** Commits that are so small that a batch makes several of one account; harmless in itself. */
const smallCommits: Edit = {
  file: 'core/contracts/stored-commit.ts',
  find: 'MAX_EVENTS_BYTES = 395_000',
  replace: 'MAX_EVENTS_BYTES = 900',
};
/** Chunks that are so small that a batch starts several sagas; harmless in itself. */
const smallChunks: Edit = {
  file: 'core/contracts/saga-chunk.ts',
  find: 'MAX_CHUNK_BYTES = 110_000',
  replace: 'MAX_CHUNK_BYTES = 1_000',
};

function edit(file: string, find: string, replace: string): Edit {
  return { file, find, replace };
}

export const mutations: readonly Mutation[] = [
  // ── Rule 1: the ledger is the only source of outcomes ──
  {
    name: 'a refusal is not remembered',
    rules: [1, 7],
    invariants: [4, 5],
    within: SOME,
    edits: [edit(`${flows}/load-account.ts`, "|| event.type === 'CreditRefused' ||", '||')],
  },
  {
    name: 'a refusal of an account that was never opened is not recorded',
    rules: [1],
    invariants: [3],
    within: FEW,
    edits: [
      edit(
        `${flows}/fold-account.ts`,
        '  private record(planned: PlannedCommand, event: AccountEvent): void {',
        "  private record(planned: PlannedCommand, event: AccountEvent): void {\n    if (event.type === 'CreditRefused' && this.log.state.status === 'unopened') return;",
      ),
    ],
  },
  // ── Rule 2: the order of work ──
  {
    name: 'claims are made after the append',
    rules: [2, 3],
    invariants: [4, 8],
    within: FEW,
    edits: [
      edit(
        `${flows}/process-shard.ts`,
        '  const { claimed, damaged } = await claimCommands(ports, commands);',
        "  const damaged: never[] = [];\n  const claimed = commands.map((placed) => ({ ...placed, origin: 'issuedAt' in placed.command ? placed.command.issuedAt : placed.arrival }));",
      ),
      edit(
        `${flows}/process-shard.ts`,
        '  return settleAccounts(\n    ports,\n    Map.groupBy(claimed, ({ account }) => account),\n  );',
        '  const settled = await settleAccounts(ports, Map.groupBy(claimed, ({ account }) => account));\n  await claimCommands(ports, commands);\n  return settled;',
      ),
    ],
  },
  {
    name: 'the processor writes statuses before the append',
    rules: [2, 11],
    invariants: [3, 9],
    within: SOME,
    edits: [
      edit(
        `${flows}/process-shard.ts`,
        '    const results = await ports.log.append(',
        `    const { statusOf } = await import('../domain/outcome.ts');
    const writes = turn.flatMap(({ account, commits }) => {
      const commit = commits[n];
      if (commit === undefined) return [];
      const { version, at } = commit.stored;
      return commit.events.flatMap((event, index) => statusOf(event, { account, version, index }, at) ?? []);
    });
    await ports.transfers.raise([...new Map(writes.map((write) => [write.id, write])).values()]);
    const results = await ports.log.append(`,
      ),
    ],
  },
  {
    name: 'the checkpoint comes before sagas are started',
    rules: [2],
    invariants: [10, 14],
    within: SOME,
    edits: [
      edit(
        `${flows}/process-shard.ts`,
        '  const sagas = await startSagas(ports, debited);',
        '  const sagas = 0;\n  void startSagas(ports, debited).catch(() => {});',
      ),
    ],
  },
  {
    name: 'the batch is acknowledged before it is appended',
    rules: [2],
    invariants: [10],
    within: FEW,
    edits: [
      edit(
        `${flows}/process-shard.ts`,
        '  const { debited } = await settleCommands(ports, commands);',
        '  const { debited } = await settleCommands(ports, commands).catch(() => ({ debited: [] }));',
      ),
    ],
  },
  // ── Rule 3: claim first ──
  {
    name: 'the same identity with other content is decided',
    rules: [3],
    invariants: [4, 8],
    within: FEW,
    edits: [edit(`${flows}/claim-commands.ts`, "return 'conflicts';", 'return undefined;')],
  },
  {
    name: 'a copy at another position is decided',
    rules: [3],
    invariants: [4],
    within: FEW,
    edits: [
      edit(
        `${flows}/claim-commands.ts`,
        "comparePositions(placed.position, first.position) === 0 ? undefined : 'duplicates'",
        'undefined',
      ),
    ],
  },
  {
    name: 'a redelivery is taken for a duplicate',
    rules: [3],
    invariants: [3, 10],
    within: FEW,
    edits: [
      edit(
        `${flows}/claim-commands.ts`,
        "comparePositions(placed.position, first.position) === 0 ? undefined : 'duplicates'",
        "'position' in claim && first === claim ? undefined : 'duplicates'",
      ),
    ],
  },
  {
    name: 'what an operator sends again is dropped as a duplicate',
    rules: [3, 13],
    invariants: [10, 14],
    within: SOME,
    edits: [edit(`${flows}/claim-commands.ts`, '  if (placed.command.recheck) return undefined;\n', '')],
  },
  {
    name: 'debits have an age limit',
    rules: [3],
    invariants: [10],
    within: SOME,
    edits: [
      edit(
        `${flows}/fold-account.ts`,
        '    const recorded = this.recorded.get(legKey);',
        "    if (planned.command.type === 'DebitAccount' && planned.arrival < this.log.highArrival - 60_000) return;\n    const recorded = this.recorded.get(legKey);",
      ),
    ],
  },
  // ── Rule 4: positions ──
  {
    name: 'sequence numbers are compared as floating point numbers',
    rules: [4],
    invariants: [6],
    within: FEW,
    edits: [
      edit(
        'core/domain/position.ts',
        'a.sequence < b.sequence ? -1 : 1',
        'Number(a.sequence) < Number(b.sequence) ? -1 : 1',
      ),
    ],
  },
  {
    name: 'what follows within a covered record is skipped',
    rules: [4, 5],
    invariants: [3, 10],
    within: SOME,
    edits: [
      smallCommits,
      edit('core/domain/position.ts', 'return a.index - b.index;', 'return 0;'),
      edit(
        `${flows}/fold-account.ts`,
        "if (treatment === 'covered') this.tools.meter.count(metrics.orderBroken, 1);",
        "if (treatment === 'covered') return;",
      ),
    ],
  },
  // ── Rule 5: at or below the account's position ──
  {
    name: 'covered commands are skipped, and their sagas with them',
    rules: [5],
    invariants: [10, 14],
    within: SOME,
    edits: [
      edit(
        `${flows}/fold-account.ts`,
        '    const recorded = this.recorded.get(legKey);',
        "    if (treatment === 'covered') return;\n    const recorded = this.recorded.get(legKey);",
      ),
    ],
  },
  {
    name: 'covered commands are decided again',
    rules: [5],
    invariants: [4],
    within: FEW,
    edits: [
      edit(`${flows}/prepare-account.ts`, "  if (isCovered(placed.position, loaded.position)) return 'covered';\n", ''),
    ],
  },
  {
    name: 'a covered debit joins a saga also when it was rejected',
    rules: [5],
    invariants: [1, 5],
    within: FEW,
    edits: [
      edit(
        `${flows}/fold-account.ts`,
        "    if (event.type === 'Debited') this.join(event, { version, index }, at);",
        "    if (event.type === 'Debited' || event.type === 'DebitRejected') this.join(event, { version, index }, at);",
      ),
    ],
  },
  // ── Rule 6: append only onto what was seen ──
  {
    name: 'a cached state is trusted after a conflict',
    rules: [6],
    invariants: [6, 11],
    within: SOME,
    edits: [edit(`${flows}/process-shard.ts`, 'ports.cache.drop(', 'String(')],
  },
  {
    name: 'an unknown answer is taken for an insert',
    rules: [6],
    invariants: [6, 10],
    within: FEW,
    edits: [edit(`${flows}/process-shard.ts`, "results[i] === 'appended'", "results[i] !== 'exists'")],
  },
  {
    name: 'a version that exists is taken for an insert of our own',
    rules: [6],
    invariants: [6, 10],
    within: FEW,
    edits: [edit(`${flows}/process-shard.ts`, "results[i] === 'appended'", "results[i] !== 'unknown'")],
  },
  {
    name: 'the second of two commits goes out although the first was lost',
    rules: [6],
    invariants: [6],
    within: SOME,
    edits: [
      smallCommits,
      edit(`${flows}/process-shard.ts`, 'commits.length > n && !lost.has(account)', 'commits.length > n'),
    ],
  },
  {
    name: 'an account is not decided again after a conflict',
    rules: [6],
    invariants: [10],
    within: SOME,
    edits: [
      edit(`${flows}/process-shard.ts`, '    open = open.filter(([account]) => lost.has(account));', '    open = [];'),
    ],
  },
  // ── Rule 7: memory ──
  {
    name: 'memory and look-up are keyed by transfer alone',
    rules: [7],
    invariants: [3],
    within: FEW,
    edits: [
      edit(
        'core/domain/account.ts',
        'legKey(leg: Leg, id: string): string {',
        'legKey(leg: Leg, id: string): string {\n  if (leg !== undefined) return id;',
      ),
    ],
  },
  {
    name: 'accounts remember for two seconds only',
    rules: [7],
    invariants: [4],
    within: SOME,
    edits: [edit('core/domain/memory.ts', 'MEMORY_MS = 120_000', 'MEMORY_MS = 2_000')],
  },
  {
    name: "a record's own arrival is taken for the account's",
    rules: [7, 9],
    invariants: [4],
    within: MANY,
    edits: [
      edit(
        `${flows}/prepare-account.ts`,
        'treatment: treatmentOf(placed, loaded, highArrival)',
        'treatment: treatmentOf(placed, loaded, placed.arrival)',
      ),
    ],
  },
  {
    name: 'the highest arrival is not kept',
    rules: [7],
    invariants: [6],
    within: FEW,
    edits: [edit(`${flows}/account-log.ts`, 'Math.max(this.highArrival, arrival, origin)', 'arrival')],
  },
  // ── Rule 8: issuedAt is a fact of the log ──
  {
    name: 'a credit is stamped anew with each sending',
    rules: [8],
    invariants: [4],
    within: FEW,
    edits: [
      edit(
        'core/domain/transfer.ts',
        "    type: 'CreditAccount',\n    ...content,\n    issuedAt,",
        "    type: 'CreditAccount',\n    ...content,\n    issuedAt: now,",
      ),
      edit('core/domain/transfer.ts', '    recheck: isLate(issuedAt, now),', '    recheck: false,'),
    ],
  },
  // ── Rule 9: ordinary credits and refunds ──
  {
    name: 'there is no rule for stale commands',
    rules: [9],
    invariants: [4],
    within: SOME,
    edits: [
      edit(
        'core/domain/memory.ts',
        'return arrival <= issuedAt + LATEST_ORDINARY_MS && arrival >= issuedAt - EARLIEST_ORDINARY_MS;',
        'return arrival > 0 && issuedAt > 0;',
      ),
    ],
  },
  // ── Rule 10: recheck ──
  {
    name: 'a recheck trusts the memory',
    rules: [10],
    invariants: [4],
    within: SOME,
    edits: [
      edit(`${flows}/fold-account.ts`, "treatment !== 'ordinary');", "treatment === 'covered');"),
      edit(
        `${flows}/fold-account.ts`,
        "treatment === 'ordinary' && this.memory?.has(legKey)",
        'this.memory?.has(legKey)',
      ),
    ],
  },
  {
    name: 'a recheck of a debit trusts the transfers item',
    rules: [10],
    invariants: [4],
    within: FEW,
    edits: [
      edit(
        `${flows}/prepare-account.ts`,
        "  if (command.recheck) return 'recheck';",
        "  if (command.recheck && 'issuedAt' in command) return 'recheck';",
      ),
    ],
  },
  {
    name: 'a look-up is not repeated after a conflict',
    rules: [6, 10],
    invariants: [4],
    within: MANY,
    edits: [
      edit(
        `${flows}/prepare-account.ts`,
        'const history = await readHistory(',
        'const history = claimed.looked ??= await readHistory(',
      ),
    ],
  },
  {
    name: "appending a leg does not raise the highest arrival to the leg's origin",
    rules: [10],
    invariants: [4],
    within: MANY,
    edits: [
      edit(
        `${flows}/account-log.ts`,
        'Math.max(this.highArrival, arrival, origin)',
        'Math.max(this.highArrival, arrival)',
      ),
    ],
  },
  {
    name: 'a look-up goes back for a second only',
    rules: [10],
    invariants: [4],
    within: MANY,
    edits: [
      edit(`${flows}/prepare-account.ts`, 'origin - LOOKUP_MARGIN_MS', 'placedNow(lookUps) - 1_000'),
      edit(
        `${flows}/prepare-account.ts`,
        '/** How far back to read:',
        'const placedNow = (looked) => Math.max(...looked.map(({ arrival }) => arrival));\n/** How far back to read:',
      ),
    ],
  },
  {
    name: 'events of the same batch are not part of a look-up',
    rules: [10],
    invariants: [4],
    within: SOME,
    edits: [edit(`${flows}/fold-account.ts`, '    this.recorded.set(planned.legKey, { event, ...recordedAt });\n', '')],
  },
  // ── Rule 11: status only rises ──
  {
    name: 'a status may fall',
    rules: [11],
    invariants: [3, 9],
    within: SOME,
    edits: [
      edit(
        'adapters/memory/memory-transfer-store.ts',
        'if (rankOf(standing.status) < rankOf(write.status))',
        'if (standing.status !== write.status)',
      ),
    ],
  },
  {
    name: 'of two statuses in one batch the lower is written',
    rules: [11],
    invariants: [3, 9],
    within: MANY,
    edits: [
      edit(
        `${flows}/project.ts`,
        'rankOf(kept.status) < rankOf(status.status)',
        'rankOf(kept.status) > rankOf(status.status)',
      ),
    ],
  },
  {
    name: 'an account whose log begins with a refusal is not registered',
    rules: [11],
    invariants: [9],
    within: SOME,
    edits: [
      edit(
        `${flows}/project.ts`,
        "    if (event.type === 'Opened') {",
        "    if (event.type === 'Opened' && version === 1) {",
      ),
    ],
  },
  // ── Rule 12: only a recorded refusal permits a refund ──
  {
    name: 'a late answer is taken for a refusal',
    rules: [12],
    invariants: [5],
    within: FEW,
    edits: [
      edit(
        'core/domain/transfer.ts',
        '  if (item.refusal === undefined) {\n    const credit',
        '  if (item.refusal === undefined && (item.credit?.times ?? 0) < 2) {\n    const credit',
      ),
      edit(
        'core/domain/transfer.ts',
        'refundOf(item, item.refusal, refund, now)',
        "refundOf(item, item.refusal ?? { ref: { version: 1, index: 0 }, reason: 'cancelled', arrival: item.issuedAt, at: now }, refund, now)",
      ),
    ],
  },
  {
    name: 'a cancellation is decided without a look-up',
    rules: [12],
    invariants: [4, 5],
    within: SOME,
    edits: [
      edit(
        `${flows}/fold-account.ts`,
        '    if (recorded !== undefined) {',
        "    if (recorded !== undefined && !(planned.command.type === 'CreditAccount' && planned.command.cancel)) {",
      ),
    ],
  },
  // ── Rule 13: check-back ──
  {
    name: 'nobody checks back',
    rules: [13],
    invariants: [14],
    within: SOME,
    edits: [edit(`${flows}/check-back.ts`, 'ports.clock.now() - startedAt < RUN_MS', 'ports.clock.now() < startedAt')],
  },
  {
    name: 'the check-back takes a refused transfer for one that is over',
    rules: [13],
    invariants: [14],
    within: MANY,
    edits: [
      edit(
        `${flows}/check-back.ts`,
        'record === undefined || !isTerminal(record.status)',
        "record === undefined || record.status === 'claimed'",
      ),
    ],
  },
  {
    name: 'a saga takes its open record away when it hands over',
    rules: [13],
    invariants: [14],
    within: MANY,
    edits: [
      edit(
        `${flows}/advance-transfer.ts`,
        "if (next === 'done' && chunk.open_key",
        "if (next !== 'report' && chunk.open_key",
      ),
    ],
  },
  {
    name: 'open work is recorded after the saga was started',
    rules: [2, 13],
    invariants: [14],
    within: MANY,
    edits: [
      edit(`${flows}/start-sagas.ts`, '  await ports.openWork.open(open);\n', ''),
      edit(
        `${flows}/start-sagas.ts`,
        '  return chunks.length;',
        '  void ports.openWork.open(open).catch(() => {});\n  return chunks.length;',
      ),
    ],
  },
  {
    name: 'what is redriven is sent as it was, not as a recheck',
    rules: [13],
    invariants: [10, 14],
    within: SOME,
    edits: [edit(`${flows}/redrive.ts`, '{ ...read.command, recheck: true }', 'read.command')],
  },
  {
    name: 'an object is taken away before its commands are sent',
    rules: [13],
    invariants: [10],
    within: MANY,
    edits: [
      edit(
        `${flows}/redrive.ts`,
        '  const object = await ports.setAside.read(name);',
        '  const object = await ports.setAside.read(name);\n  await ports.setAside.remove(name);',
      ),
    ],
  },
  // ── Rule 14: sagas run at least once ──
  {
    name: 'only the first chunk of a batch is carried on',
    rules: [14],
    invariants: [14],
    within: FEW,
    edits: [
      smallChunks,
      edit(
        `${flows}/start-sagas.ts`,
        'const chunks = chunksOf(items, ports.digest);',
        'const chunks = chunksOf(items, ports.digest).slice(0, 1);',
      ),
    ],
  },
  {
    name: 'a second saga of the same transfers is told from the first by its commands alone',
    rules: [14],
    invariants: [4],
    within: FEW,
    edits: [
      edit(
        'core/domain/account.ts',
        "  return legKey(legOf(command), 'transfer' in command ? command.transfer : command.request);",
        "  const sent = command.type === 'CreditAccount' ? ' ' + command.trace.creditSentAt : '';\n  return legKey(legOf(command), 'transfer' in command ? command.transfer + sent : command.request);",
      ),
    ],
  },
  // ── Rule 16: closing ──
  {
    name: 'a closing is finished before its transfers are over',
    rules: [16],
    invariants: [3],
    within: MANY,
    edits: [
      edit(
        `${flows}/finish-closing.ts`,
        '    return record !== undefined && isTerminal(record.status);',
        '    return record !== undefined;',
      ),
    ],
  },
  {
    name: 'an account that is not empty may be closed',
    rules: [16],
    invariants: [7],
    within: FEW,
    edits: [edit('core/domain/account.ts', '&& (balance !== 0n || held !== 0n),', '&& balance + held < 0n,')],
  },
  {
    name: 'a frozen account is credited',
    rules: [16],
    invariants: [7],
    within: FEW,
    edits: [
      edit(
        'core/domain/account.ts',
        "status === 'frozen' && (movesMoney(command) ||",
        "status === 'frozen' && (command.type === 'DebitAccount' ||",
      ),
    ],
  },
  // ── Rule 18: requests ──
  {
    name: "a late copy of a holder's request is decided again",
    rules: [18],
    invariants: [4],
    within: SOME,
    edits: [
      edit(
        `${flows}/claim-commands.ts`,
        '  if (placed.command.recheck) return undefined;',
        "  if (placed.command.recheck || placed.command.type !== 'DebitAccount') return undefined;",
      ),
    ],
  },
  // ── Rule 19: trouble with one account ──
  {
    name: 'a damaged account stops its shard',
    rules: [19],
    invariants: [11],
    within: SOME,
    edits: [
      edit(`${flows}/process-shard.ts`, 'if (trouble instanceof DamagedCommit) return { commands, trouble };', ''),
    ],
  },
  {
    name: 'what cannot be processed is dropped',
    rules: [19],
    invariants: [10],
    within: SOME,
    edits: [edit(`${flows}/set-aside.ts`, '  await ports.quarantine.put(records);\n', '')],
  },
  {
    name: 'an object is set aside for each command of a record',
    rules: [19],
    invariants: [10],
    within: SOME,
    edits: [
      edit(
        `${flows}/process-shard.ts`,
        '    [...records].map((record) => quarantined(record, -1, reason)),',
        '    commands.map(({ record, position }) => quarantined(record, position.index, reason)),',
      ),
    ],
  },
  {
    name: 'a damaged log fails the step of a whole chunk',
    rules: [19],
    invariants: [11],
    within: MANY,
    edits: [edit(`${flows}/advance-transfer.ts`, 'if (trouble instanceof DamagedCommit) return undefined;', '')],
  },
  // ── What the rules serve ──
  {
    name: 'a debit may go one unit below the limit',
    rules: [],
    invariants: [2],
    within: SOME,
    edits: [
      edit(
        'core/domain/account.ts',
        '(available(state) ?? 0n) < command.amount',
        '(available(state) ?? 0n) + 1n < command.amount',
      ),
    ],
  },
  {
    name: 'the chain of hashes is not continued',
    rules: [],
    invariants: [6, 7],
    within: FEW,
    edits: [edit(`${flows}/account-log.ts`, 'prevHash: this.last.hash,', "prevHash: '',")],
  },
  {
    name: 'the time of a commit is that of the clock alone',
    rules: [],
    invariants: [6],
    within: FEW,
    edits: [edit(`${flows}/account-log.ts`, 'Math.max(this.last.at, this.tools.now)', 'this.tools.now')],
  },
  {
    name: 'a command is acknowledged before it is durable',
    rules: [],
    invariants: [10],
    within: SOME,
    edits: [
      edit(
        `${flows}/accept-commands.ts`,
        'await ports.commands.send(unknown.map(({ command }) => command));',
        'void ports.commands.send(unknown.map(({ command }) => command)).catch(() => {});',
      ),
    ],
  },
];
