/**
 * Shows that no sequence of commands breaks an account, and that no set of transfers among accounts makes or loses money. Random
 * commands against the pure decisions: first any command in any state, then histories of one account, then a small ledger that
 * pairs legs as the saga does (debit, then credit, then refund if that was refused), in random order.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AccountCommand,
  type AccountEvent,
  type AccountState,
  available,
  decide,
  evolve,
  legKeyOfCommand,
  legKeyOfEvent,
  refusal,
  unopened,
} from '../../core/domain/account.ts';
import { sameLimits } from '../../core/domain/limits.ts';
import { reasons } from '../../core/domain/reason.ts';
import {
  changeLimits,
  close,
  credit,
  debit,
  finishClose,
  freeze,
  open,
  refund,
  T0,
  unfreeze,
} from '../account-commands.ts';
import { commands, milliseconds, states } from '../arbitrary-commands.ts';

const DAY_MS = 24 * 3_600_000;
const RUNS = { numRuns: 500 };

describe('any command in any state', () => {
  test('is decided, always in the same way, by one event of its own leg', () => {
    fc.assert(
      fc.property(states, commands, milliseconds, (state, command, arrival) => {
        const before = structuredClone(state);
        const event = decide(state, command, arrival);
        expect(decide(structuredClone(state), structuredClone(command), arrival)).toEqual(event);
        expect(legKeyOfEvent(event)).toBe(legKeyOfCommand(command));
        expect(event.arrival).toBe(arrival);
        expect(state).toEqual(before);
        evolve(state, event, 1);
        expect(state).toEqual(before);
      }),
      RUNS,
    );
  });

  test('leaves the state as it was if it is refused, and says the first reason', () => {
    fc.assert(
      fc.property(states, commands, milliseconds, (state, command, arrival) => {
        const event = decide(state, command, arrival);
        const reason = refusal(state, command, arrival);
        expect('reason' in event ? event.reason : undefined).toBe(reason);
        if (reason === undefined) return;
        expect(reasons).toContain(reason);
        expect(evolve(state, event, 9)).toEqual(state);
      }),
      RUNS,
    );
  });

  test('changes the balance by exactly the amount of the leg, and nothing else about money', () => {
    fc.assert(
      fc.property(states, commands, (state, command) => {
        const event = decide(state, command, T0);
        const next = evolve(state, event, 9);
        expect(next.balance - state.balance).toBe(moved(event));
        expect(next.held).toBe(state.held);
        if ('balance' in event) expect(event.balance).toBe(next.balance);
      }),
      RUNS,
    );
  });

  test('takes no more than is available', () => {
    fc.assert(
      fc.property(states, commands, (state, command) => {
        const event = decide(state, command, T0);
        if (event.type !== 'Debited' || state.kind === 'settlement') return;
        expect(available(evolve(state, event, 9))).toBeGreaterThanOrEqual(0n);
      }),
      RUNS,
    );
  });

  test('that is a refund is applied', () => {
    fc.assert(
      fc.property(states, commands, (state, command) => {
        if (command.type === 'RefundAccount') expect(decide(state, command, T0).type).toBe('Refunded');
      }),
      RUNS,
    );
  });
});

/** What an event adds to the balance of its account, minor units. */
function moved(event: AccountEvent): bigint {
  switch (event.type) {
    case 'Debited':
      return -event.amount;
    case 'Credited':
    case 'Refunded':
      return event.amount;
    default:
      return 0n;
  }
}

/** Commands for one account with the same few properties, so that most of them are accepted at some time. */
const lively = fc.oneof(
  fc.bigInt({ min: 0n, max: 20n }).map((overdraftLimit) => open({ overdraftLimit })),
  fc
    .record(
      {
        overdraftLimit: fc.bigInt({ min: 0n, max: 20n }),
        transferLimit: fc.option(fc.bigInt({ min: 10n, max: 50n })),
        dailyLimit: fc.option(fc.bigInt({ min: 10n, max: 90n })),
      },
      { requiredKeys: [] },
    )
    .map((limits) => changeLimits(limits)),
  fc.constantFrom<AccountCommand>(freeze(), unfreeze(), unfreeze(), close()),
  fc.integer({ min: 1, max: 30 }).map((version) => finishClose(version)),
  fc.bigInt({ min: 1n, max: 50n }).map((amount) => debit(amount)),
  fc.bigInt({ min: 1n, max: 50n }).map((amount) => credit(amount)),
  fc.bigInt({ min: 1n, max: 50n }).map((amount) => refund(amount)),
);
const histories = fc.array(lively, { minLength: 1, maxLength: 40 });

/** Every step of a history, each command in a commit of its own. */
function steps(history: readonly AccountCommand[], arrivalOf = (i: number) => T0 + i) {
  let state: AccountState = unopened;
  return history.map((command, i) => {
    const before = state;
    const event = decide(before, command, arrivalOf(i));
    state = evolve(before, event, i + 1);
    return { before, command, event, after: state };
  });
}

/** What is spent by day, told apart from how an account keeps it. */
class SpentDays {
  private readonly byDay = new Map<number, bigint>();
  private latest = 0;

  forget(): void {
    this.byDay.clear();
    this.latest = 0;
  }

  /** The sum of the day on which the debit counts: that of its arrival, or a later one that has begun. */
  spend({ arrival, amount }: { readonly arrival: number; readonly amount: bigint }): bigint {
    this.latest = Math.max(this.latest, Math.floor(arrival / DAY_MS));
    const sum = (this.byDay.get(this.latest) ?? 0n) + amount;
    this.byDay.set(this.latest, sum);
    return sum;
  }
}

describe('in the history of an account', () => {
  test('the balance is the sum of what moved', () => {
    fc.assert(
      fc.property(histories, (history) => {
        let sum = 0n;
        for (const { event, after } of steps(history)) {
          sum += moved(event);
          expect(after.balance).toBe(sum);
        }
      }),
      RUNS,
    );
  });

  test('no debit takes the balance of a customer below the overdraft limit', () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const { event, after } of steps(history))
          if (event.type === 'Debited') expect(after.balance).toBeGreaterThanOrEqual(-after.overdraftLimit);
      }),
      RUNS,
    );
  });

  test('no debit is above the limit of a transfer', () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const { event, after } of steps(history))
          if (event.type === 'Debited') expect(event.amount <= (after.transferLimit ?? event.amount)).toBe(true);
      }),
      RUNS,
    );
  });

  test('the debits of a day, in whatever order they arrive, are not above its limit', () => {
    const arrivals = fc.array(fc.integer({ min: T0, max: T0 + 3 * DAY_MS }), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(histories, arrivals, (history, times) => {
        const days = new SpentDays();
        for (const { event, after } of steps(history, (i) => times[i] ?? T0))
          if (after.dailyLimit === undefined) days.forget();
          else if (event.type === 'Debited') expect(days.spend(event)).toBeLessThanOrEqual(after.dailyLimit);
      }),
      RUNS,
    );
  });

  test('what was closed stays closed, unless a late refund left money on it', () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const { before, after } of steps(history))
          if (before.status === 'closed' && before.balance === 0n) expect(after.status).toBe('closed');
      }),
      RUNS,
    );
  });

  test('statuses follow one another only as they may', () => {
    const next: Readonly<Record<AccountState['status'], readonly AccountState['status'][]>> = {
      unopened: ['open'],
      open: ['frozen', 'closing'],
      frozen: ['open'],
      closing: ['open', 'closed'],
      closed: ['open'],
    };
    fc.assert(
      fc.property(histories, (history) => {
        for (const { before, after } of steps(history))
          if (before.status !== after.status) expect(next[before.status]).toContain(after.status);
      }),
      RUNS,
    );
  });

  test('an account is closed only when empty, and after that it gains nothing but refunds', () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const { before, event, after } of steps(history)) {
          if (event.type === 'Closed') expect(before).toMatchObject({ status: 'closing', balance: 0n, held: 0n });
          if (before.status === 'closed' && after.balance !== before.balance) expect(event.type).toBe('Refunded');
        }
      }),
      RUNS,
    );
  });

  test('nothing moves while it is frozen but refunds, and the account can always be unfrozen', () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const { before, event } of steps(history)) {
          if (before.status !== 'frozen') continue;
          if (moved(event) !== 0n) expect(event.type).toBe('Refunded');
          expect(decide(before, unfreeze(), T0).type).toBe('Unfrozen');
        }
      }),
      RUNS,
    );
  });

  test('kind, currency and owner never change after the opening, limits by a change of limits only', () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const { before, event, after } of steps(history)) {
          if (before.status === 'unopened') continue;
          const { kind, currency, owner } = before;
          expect(after).toMatchObject({ kind, currency, owner });
          expect(sameLimits(before, after)).toBe(event.type !== 'LimitsChanged');
        }
      }),
      RUNS,
    );
  });
});

// ── A ledger of a few accounts ──

const names = ['alice', 'bob', 'carol', 'settlement:bank'] as const;
type Name = (typeof names)[number];

/** A transfer, and in how many turns each of its legs is done; between them anything else may happen. */
interface Planned {
  readonly from: Name;
  readonly to: Name;
  readonly amount: bigint;
  readonly currency: string;
}

const planned: fc.Arbitrary<Planned> = fc.record({
  from: fc.constantFrom(...names),
  to: fc.constantFrom(...names),
  amount: fc.bigInt({ min: 1n, max: 60n }),
  currency: fc.oneof({ weight: 9, arbitrary: fc.constant('USD') }, { weight: 1, arbitrary: fc.constant('EUR') }),
});
const disturbances = fc.record({
  account: fc.constantFrom(...names),
  command: fc.constantFrom<AccountCommand>(freeze(), unfreeze(), close(), open({ overdraftLimit: 25n })),
});
const schedules = fc.record({
  transfers: fc.array(planned, { minLength: 1, maxLength: 30 }),
  disturbances: fc.array(disturbances, { maxLength: 10 }),
  turns: fc.array(fc.nat(), { minLength: 120, maxLength: 120 }),
});

type Progress = 'new' | 'debited' | 'refused' | 'completed' | 'rejected' | 'reversed';

/** Accounts, and transfers each at its point between debit and end. */
class SmallLedger {
  readonly accounts = new Map<Name, AccountState>();
  readonly progress: Progress[];
  private readonly transfers: readonly Planned[];

  constructor(transfers: readonly Planned[]) {
    this.transfers = transfers;
    this.progress = transfers.map(() => 'new');
    for (const name of names) {
      const kind = name === 'settlement:bank' ? 'settlement' : 'customer';
      this.apply(name, open({ kind, overdraftLimit: kind === 'customer' ? 25n : 0n }));
    }
  }

  apply(name: Name, command: AccountCommand): AccountEvent {
    const state = this.accounts.get(name) ?? unopened;
    const event = decide(state, command, T0);
    this.accounts.set(name, evolve(state, event, 1));
    return event;
  }

  /** Does the next leg of the n-th transfer. */
  advance(n: number): void {
    const transfer = this.transfers[n];
    if (transfer === undefined) return;
    const { from, to, amount, currency } = transfer;
    const progress = this.progress[n];
    if (progress === 'new')
      this.progress[n] = this.apply(from, debit(amount, { currency })).type === 'Debited' ? 'debited' : 'rejected';
    if (progress === 'debited')
      this.progress[n] = this.apply(to, credit(amount, { currency })).type === 'Credited' ? 'completed' : 'refused';
    if (progress === 'refused') {
      this.apply(from, refund(amount, { currency }));
      this.progress[n] = 'reversed';
    }
  }

  inFlight(): bigint {
    const amounts = this.transfers.map(({ amount }, n) => {
      return this.progress[n] === 'debited' || this.progress[n] === 'refused' ? amount : 0n;
    });
    return amounts.reduce((sum, amount) => sum + amount, 0n);
  }

  balances(): bigint {
    return [...this.accounts.values()].reduce((sum, { balance }) => sum + balance, 0n);
  }
}

describe('in a ledger', () => {
  test('balances and what is in flight are zero together, after every single step', () => {
    fc.assert(
      fc.property(schedules, ({ transfers, disturbances, turns }) => {
        const ledger = new SmallLedger(transfers);
        for (const [i, turn] of turns.entries()) {
          const disturbance = i % 10 === 0 ? disturbances[i / 10] : undefined;
          if (disturbance !== undefined) ledger.apply(disturbance.account, disturbance.command);
          ledger.advance(turn % transfers.length);
          expect(ledger.balances() + ledger.inFlight()).toBe(0n);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('every transfer can be brought to an end from wherever it is, and then nothing is in flight', () => {
    fc.assert(
      fc.property(schedules, ({ transfers, disturbances, turns }) => {
        const ledger = new SmallLedger(transfers);
        for (const turn of turns) ledger.advance(turn % (2 * transfers.length));
        for (const { account, command } of disturbances) ledger.apply(account, command);
        for (let leg = 0; leg < 3; leg += 1) for (const n of transfers.keys()) ledger.advance(n);
        const ends: readonly Progress[] = ['completed', 'rejected', 'reversed'];
        expect(ledger.progress.filter((progress) => !ends.includes(progress))).toEqual([]);
        expect([ledger.inFlight(), ledger.balances()]).toEqual([0n, 0n]);
      }),
      { numRuns: 200 },
    );
  });
});
