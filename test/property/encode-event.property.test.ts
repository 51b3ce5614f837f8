/** Events and states that are encoded by hand give the very text that the general encoder gives, whatever they hold. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toJson } from '../../core/contracts/json.ts';
import { decodeEvents, decodeState, encodeEvent, encodeState } from '../../core/contracts/stored-commit.ts';
import { type AccountState, decide, evolve, unopened } from '../../core/domain/account.ts';
import { commands } from '../arbitrary-commands.ts';

/** An owner or an actor may hold anything that prints, quotes and backslashes too. */
const names = fc.stringMatching(/^[\x20-\x7e]{1,64}$/);
const balances = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });

const states: fc.Arbitrary<AccountState> = fc.record({
  status: fc.constantFrom('unopened', 'open', 'frozen', 'closing', 'closed'),
  kind: fc.constantFrom('customer', 'settlement'),
  currency: fc.constantFrom('', 'USD', 'EUR'),
  owner: fc.oneof(fc.constant(''), names),
  balance: balances,
  held: balances,
  overdraftLimit: balances,
  closingVersion: fc.nat(),
});

test('an event', () => {
  fc.assert(
    fc.property(commands, states, fc.option(names, { nil: undefined }), fc.nat(), (command, state, actor, arrival) => {
      const asked = actor === undefined ? command : { ...command, actor };
      for (const before of [state, { ...unopened, status: 'open', currency: 'USD', balance: 10n ** 20n } as const]) {
        const event = decide(before, asked, arrival);
        expect(encodeEvent(event)).toBe(toJson(event));
        expect(decodeEvents(`[${encodeEvent(event)}]`)).toEqual([event]);
        expect(encodeState(evolve(before, event, 1))).toBe(toJson(evolve(before, event, 1)));
      }
    }),
    { numRuns: 500 },
  );
});

test('a state', () => {
  fc.assert(
    fc.property(states, (state) => {
      expect(encodeState(state)).toBe(toJson(state));
      expect(decodeState(encodeState(state))).toEqual(state);
    }),
  );
});
