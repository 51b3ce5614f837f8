/** Settings from the environment: what is there comes back, and what is missing or wrong is named. */
import { afterEach, expect, test, vi } from 'vitest';
import { EnvironmentError, optional, required, requiredInteger } from '../../functions/runtime/environment.ts';

afterEach(() => vi.unstubAllEnvs());

test('a text', () => {
  vi.stubEnv('LEDGER_TABLE', 'ledger-1');
  expect(required('LEDGER_TABLE')).toBe('ledger-1');
  expect(optional('LEDGER_TABLE')).toBe('ledger-1');
});

test.each([undefined, ''])('%j is no text', (value) => {
  vi.stubEnv('LEDGER_TABLE', value);
  expect(() => required('LEDGER_TABLE')).toThrow(new EnvironmentError('environment variable LEDGER_TABLE is not set'));
  expect(optional('LEDGER_TABLE')).toBeUndefined();
});

test('a number', () => {
  vi.stubEnv('LANES', '64');
  expect(requiredInteger('LANES')).toBe(64);
});

test.each(['0', '-1', '6.4', '1e2', 'many', ' 64', '99999999999999999999'])(
  '%j is no positive whole number',
  (value) => {
    vi.stubEnv('LANES', value);
    expect(() => requiredInteger('LANES')).toThrow(`environment variable LANES is "${value}"`);
  },
);
