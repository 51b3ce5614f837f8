/**
 * Deliberate bugs of the embedded wallet: of the settling at once, and of what finds transfers on disk. Each is put into a copy of
 * the sources, and the simulated days of this folder must catch it.
 */
import type { Simulated } from '../../simulation/mutation-check.ts';
import type { Mutation } from '../../simulation/mutations.ts';

/** Days within which each must be caught. */
const FEW = 30;

const settlement = 'adapters/embedded/settlement.ts';
const settle = 'core/flows/settle-transfer.ts';

export const embeddedDays: Simulated = {
  folder: 'test/embedded/simulation',
  sources: [
    'core',
    'adapters/memory',
    'adapters/node',
    'adapters/embedded',
    'test/simulation',
    'test/embedded/simulation',
    'test/memory-wallet.ts',
    'package.json',
  ],
};

function mutation(
  name: string,
  rules: readonly number[],
  invariants: readonly number[],
  file: string,
  find: string,
  replace: string,
): Mutation {
  return { name, rules, invariants, within: FEW, edits: [{ file, find, replace }] };
}

export const embeddedMutations: readonly Mutation[] = [
  mutation(
    'a transfer that is known is settled again',
    [3],
    [4],
    settlement,
    '    if (store.knows(id, hash)) return undefined;\n',
    '',
  ),
  mutation(
    'the claim of a transfer that was settled at once is not kept',
    [3],
    [4, 10],
    settlement,
    'else store.addTransfer(hash, record);',
    '',
  ),
  mutation(
    'what comes behind a request overtakes it',
    [4],
    [6],
    settlement,
    'command.recheck) {\n      this.isOver = true;',
    'command.recheck) {',
  ),
  mutation(
    'every transfer that is settled is told to be completed',
    [11],
    [3, 9],
    settlement,
    'status: outcome.status,',
    "status: 'completed',",
  ),
  mutation(
    'a refusal is kept without its reason',
    [11],
    [9],
    settlement,
    '...(outcome.reason === undefined ? {} : { reason: outcome.reason }),',
    '',
  ),
  mutation(
    'the commit of the account that a turn touched last is not closed',
    [2],
    [1, 10],
    settlement,
    'for (const held of this.touched) {',
    'for (const held of this.touched.slice(0, -1)) {',
  ),
  mutation(
    'an account is not known as its last commit left it',
    [6],
    [6, 7],
    settlement,
    'held.loaded = { state, version, at, position, highArrival, hash, memory: nothingToRemember };',
    '',
  ),
  mutation('who asked as owner is forgotten in the claim', [3], [8], settlement, '...claimantOf(debit),', ''),
  mutation(
    'a refund goes to the payee',
    [12],
    [1],
    settle,
    "command.type === 'CreditAccount' ? payee : payer",
    'payee',
  ),
  mutation(
    'a refused credit is the end of a transfer',
    [12],
    [1, 3],
    settle,
    "if (leg.event.type !== 'CreditRefused') return leg;",
    'return leg;',
  ),
  mutation(
    'whether it is the owner who asks is not decided where transfers are settled at once',
    [3],
    [2],
    settle,
    'const event = decide(log.state, command, now);',
    "const event = decide(log.state, 'asOwner' in command ? { ...command, asOwner: undefined } : command, now);",
  ),
  mutation(
    'transfers in the runs on disk are taken for new',
    [3],
    [4],
    'adapters/embedded/transfer-runs.ts',
    'return this.slices.some((_, slice) => this.candidates(slice, hash) !== 0);',
    'return false;',
  ),
  mutation(
    'who sent is told before the turn is on disk',
    [2],
    [10],
    'adapters/embedded/embedded-wallet.ts',
    'this.store.durable(frame).then(',
    'Promise.resolve().then(',
  ),
  mutation(
    'a frame that is torn is taken for whole',
    [2],
    [10],
    'adapters/embedded/frame.ts',
    'return checksum(frame, frame.length) === header.crc;',
    'return true;',
  ),
];
