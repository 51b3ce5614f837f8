/**
 * Money: an exact number of minor units (cents) of one currency. Inside the wallet it is always a bigint, outside always a
 * decimal string in major units; no floating point number ever holds an amount.
 */

/** Currencies of ISO 4217 whose minor unit is not the hundredth: exponent by alphabetic code. */
const unusualExponents: Readonly<Record<string, number>> = {
  ...sameExponent(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...sameExponent(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...sameExponent(4, 'CLF UYW'),
};

/** Currencies of ISO 4217 (list one) that are in use and whose minor unit is the hundredth; funds and metals are left out. */
const usualCurrencies =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC ' +
  'CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR ' +
  'KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN ' +
  'PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS ' +
  'UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG';

const exponents: ReadonlyMap<string, number> = new Map([
  ...usualCurrencies.split(' ').map((code): [string, number] => [code, 2]),
  ...Object.entries(unusualExponents),
]);

/** Most digits an amount may have in minor units: it then fits 64 bits and any column of a partner's system. */
export const MAX_AMOUNT_DIGITS = 18;

/** Why a text is not an amount; the first that applies, in this order. */
export type AmountFault =
  | 'unknown_currency'
  | 'not_a_decimal'
  | 'too_many_decimals'
  | 'too_many_digits'
  | 'not_positive';

export type ParsedAmount =
  | { readonly ok: true; readonly minor: bigint }
  | { readonly ok: false; readonly fault: AmountFault };

/** Number of decimals of a currency's minor unit (ISO 4217 exponent), or undefined for a code that is no current currency. */
export function exponentOf(currency: string): number | undefined {
  return exponents.get(currency);
}

/** Every currency code the wallet knows, in alphabetic order. */
export function knownCurrencies(): readonly string[] {
  return [...exponents.keys()].sort();
}

/**
 * Reads a decimal string in major units, exactly: digits, then at most the currency's decimals after one point. Signs, blanks,
 * exponents, leading zeros and separators are refused, and so is zero.
 *
 * @returns the amount in minor units, or the first fault.
 */
export function parseAmount(text: string, currency: string): ParsedAmount {
  const parsed = parseLimit(text, currency);
  return parsed.ok && parsed.minor === 0n ? { ok: false, fault: 'not_positive' } : parsed;
}

/** As {@link parseAmount}, but zero is allowed: for limits, which may be nothing. */
export function parseLimit(text: string, currency: string): ParsedAmount {
  const exponent = exponents.get(currency);
  if (exponent === undefined) return { ok: false, fault: 'unknown_currency' };
  const match = /^(0|[1-9][0-9]*)(?:\.([0-9]+))?$/.exec(text);
  if (match === null) return { ok: false, fault: 'not_a_decimal' };
  const [, whole = '', decimals = ''] = match;
  if (decimals.length > exponent) return { ok: false, fault: 'too_many_decimals' };
  const digits = (whole + decimals.padEnd(exponent, '0')).replace(/^0+/, '');
  if (digits.length > MAX_AMOUNT_DIGITS) return { ok: false, fault: 'too_many_digits' };
  return { ok: true, minor: BigInt(digits) };
}

/**
 * Writes minor units as a decimal string in major units, with all decimals of the currency ("10.50", "-0.05", JPY "10").
 * A currency that is not known has no decimals, so that nothing is hidden.
 */
export function formatAmount(minor: bigint, currency: string): string {
  const exponent = exponents.get(currency) ?? 0;
  const sign = minor < 0n ? '-' : '';
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0');
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

function sameExponent(exponent: number, codes: string): Record<string, number> {
  return Object.fromEntries(codes.split(' ').map((code) => [code, exponent]));
}
