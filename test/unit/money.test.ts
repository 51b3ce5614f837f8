/**
 * Shows which texts are amounts of money and which are not, for currencies with none, two, three and four decimals, and that an
 * amount of any known currency survives being written and read. Tables first, then random amounts.
 */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  exponentOf,
  formatAmount,
  knownCurrencies,
  MAX_AMOUNT_DIGITS,
  parseAmount,
  parseLimit,
} from '../../core/domain/money.ts';

const eighteenNines = '9'.repeat(MAX_AMOUNT_DIGITS);
const largest = 10n ** BigInt(MAX_AMOUNT_DIGITS) - 1n;

describe('an amount', () => {
  it.each([
    ['10', 'USD', 1_000n],
    ['10.50', 'USD', 1_050n],
    ['10.5', 'USD', 1_050n],
    ['0.01', 'USD', 1n],
    ['0.1', 'USD', 10n],
    ['9999999999999999.99', 'USD', largest],
    ['10', 'JPY', 10n],
    [eighteenNines, 'JPY', largest],
    ['1.234', 'KWD', 1_234n],
    ['0.0001', 'CLF', 1n],
  ])('%j %s is %s minor units', (text, currency, minor) => {
    expect(parseAmount(text, currency)).toEqual({ ok: true, minor });
  });

  it.each([
    ['10.005', 'USD', 'too_many_decimals'],
    ['10.500', 'USD', 'too_many_decimals'],
    ['1e3', 'USD', 'not_a_decimal'],
    [' 1', 'USD', 'not_a_decimal'],
    ['1 ', 'USD', 'not_a_decimal'],
    ['1\n', 'USD', 'not_a_decimal'],
    ['-5', 'USD', 'not_a_decimal'],
    ['+5', 'USD', 'not_a_decimal'],
    ['0', 'USD', 'not_positive'],
    ['0.00', 'USD', 'not_positive'],
    ['', 'USD', 'not_a_decimal'],
    ['.5', 'USD', 'not_a_decimal'],
    ['5.', 'USD', 'not_a_decimal'],
    ['05', 'USD', 'not_a_decimal'],
    ['1,000', 'USD', 'not_a_decimal'],
    ['1_000', 'USD', 'not_a_decimal'],
    ['0x10', 'USD', 'not_a_decimal'],
    ['NaN', 'USD', 'not_a_decimal'],
    ['Infinity', 'USD', 'not_a_decimal'],
    ['١٠', 'USD', 'not_a_decimal'],
    ['10.0', 'JPY', 'too_many_decimals'],
    ['10.5', 'JPY', 'too_many_decimals'],
    ['1.2345', 'KWD', 'too_many_decimals'],
    ['10000000000000000.00', 'USD', 'too_many_digits'],
    [`1${eighteenNines}`, 'JPY', 'too_many_digits'],
    ['10', 'XXX', 'unknown_currency'],
    ['10', 'usd', 'unknown_currency'],
    ['10', '', 'unknown_currency'],
    ['10', 'toString', 'unknown_currency'],
  ])('%j %s is none: %s', (text, currency, fault) => {
    expect(parseAmount(text, currency)).toEqual({ ok: false, fault });
  });

  test('names the first of several faults: currency, form, decimals, digits, sign', () => {
    expect(parseAmount('1e3', 'XXX')).toMatchObject({ fault: 'unknown_currency' });
    expect(parseAmount(`-${'9'.repeat(30)}.999`, 'USD')).toMatchObject({ fault: 'not_a_decimal' });
    expect(parseAmount(`${'9'.repeat(30)}.999`, 'USD')).toMatchObject({ fault: 'too_many_decimals' });
  });
});

test('a limit may be zero, and is an amount otherwise', () => {
  expect(parseLimit('0', 'USD')).toEqual({ ok: true, minor: 0n });
  expect(parseLimit('0.00', 'USD')).toEqual({ ok: true, minor: 0n });
  expect(parseLimit('12.34', 'USD')).toEqual({ ok: true, minor: 1_234n });
  expect(parseLimit('-1', 'USD')).toEqual({ ok: false, fault: 'not_a_decimal' });
});

describe('the currencies', () => {
  test('have the exponents of ISO 4217', () => {
    const exponents = { USD: 2, EUR: 2, CZK: 2, JPY: 0, ISK: 0, KWD: 3, TND: 3, CLF: 4, UYW: 4 };
    for (const [currency, exponent] of Object.entries(exponents)) expect(exponentOf(currency)).toBe(exponent);
    expect(exponentOf('XXX')).toBeUndefined();
  });

  test('are three capital letters each, no two alike', () => {
    const codes = knownCurrencies();
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.every((code) => /^[A-Z]{3}$/.test(code))).toBe(true);
    expect(codes.length).toBeGreaterThan(150);
  });
});

describe('writing an amount', () => {
  it.each([
    [1_050n, 'USD', '10.50'],
    [5n, 'USD', '0.05'],
    [-5n, 'USD', '-0.05'],
    [0n, 'USD', '0.00'],
    [10n, 'JPY', '10'],
    [-10n, 'JPY', '-10'],
    [1n, 'KWD', '0.001'],
    [7n, 'XXX', '7'],
  ])('%s minor units of %s are %j', (minor, currency, text) => {
    expect(formatAmount(minor, currency)).toBe(text);
  });

  test.each(knownCurrencies())('an amount of %s that was written is read as the same amount', (currency) => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: largest }), (minor) => {
        expect(parseAmount(formatAmount(minor, currency), currency)).toEqual({ ok: true, minor });
      }),
      { numRuns: 50 },
    );
  });

  test('a text that is an amount is written as the same number', () => {
    const texts = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 16n - 1n }), fc.stringMatching(/^[0-9]{2}$/));
    fc.assert(
      fc.property(texts, ([whole, decimals]) => {
        const text = `${whole}.${decimals}`;
        const parsed = parseLimit(text, 'USD');
        expect(parsed.ok && formatAmount(parsed.minor, 'USD')).toBe(text);
      }),
    );
  });
});

test('no text of any kind makes the parser throw or accept what is not digits and at most one point', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...knownCurrencies()), (text, currency) => {
      const parsed = parseAmount(text, currency);
      if (parsed.ok) expect(text).toMatch(/^[0-9]+(\.[0-9]+)?$/);
    }),
  );
});
