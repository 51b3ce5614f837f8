/**
 * From an event back to the command that led to it: what an audit decides again to see that the logic still gives the same. All
 * that the decision depended on stands in the event, in the state before it and in the account's key, so
 *
 *   decide(before, commandOfEvent(event, before, account), event.arrival)  =  event
 *
 * What a decision does not depend on is not kept, and need not be the same as in the command that came: whether a debit or a
 * request was a recheck, and that the owner asked as owner.
 */
import {
  type AccountCommand,
  type AccountEvent,
  type AccountProperties,
  type AccountRef,
  type AccountState,
  type Authority,
  type ChangesOfLimits,
  changesOf,
  propertiesOf,
  type RequestCommand,
  type RequestConfirmed,
  type RequestEvent,
  type RequestRefused,
} from './account.ts';

/** Any name that is nobody's: for refusals of earlier versions, which did not keep what was asked. */
const SOMEBODY_ELSE = 'somebody else';

/**
 * The command of an event.
 *
 * @param before the account's state before the event
 * @param account the account whose log holds the event
 */
export function commandOfEvent(event: AccountEvent, before: AccountState, account: AccountRef): AccountCommand {
  const { scope } = account;
  switch (event.type) {
    case 'Debited':
    case 'DebitRejected': {
      const { transfer, to, amount, currency } = event;
      const from = account.account;
      return {
        type: 'DebitAccount',
        scope,
        ...authorityIn(event),
        transfer,
        from,
        to,
        amount,
        currency,
        recheck: false,
      };
    }
    case 'Credited':
    case 'CreditRefused': {
      const { transfer, from, amount, currency, issuedAt, debitRef, trace, recheck, cancel } = event;
      const to = account.account;
      const content = { type: 'CreditAccount', scope, transfer, from, to, amount, currency } as const;
      return { ...content, issuedAt, debitRef, trace, recheck, cancel };
    }
    case 'Refunded': {
      const { transfer, to, amount, currency, issuedAt, debitRef, refusalRef, trace, recheck } = event;
      const content = { transfer, from: account.account, to, amount, currency };
      return { type: 'RefundAccount', scope, ...content, issuedAt, debitRef, refusalRef, trace, recheck };
    }
    default:
      return commandOfRequest(event, before, account);
  }
}

function commandOfRequest(event: RequestEvent, before: AccountState, { scope, account }: AccountRef): RequestCommand {
  const common = { scope, ...authorityIn(event), request: event.request, account, recheck: false };
  switch (event.type) {
    case 'Opened':
      return { type: 'OpenAccount', ...common, ...propertiesOf(event) };
    case 'LimitsChanged':
      return { type: 'ChangeLimits', ...common, ...changesOf(event) };
    case 'Reopened':
      return { type: 'OpenAccount', ...common, ...propertiesOf(before) };
    case 'Frozen':
      return { type: 'FreezeAccount', ...common };
    case 'Unfrozen':
      return { type: 'UnfreezeAccount', ...common };
    case 'CloseStarted':
      return { type: 'CloseAccount', ...common };
    case 'Closed':
      return { type: 'FinishClose', ...common, version: event.version };
    case 'RequestConfirmed':
    case 'RequestRefused':
      return unchanged(event, before, common);
    default:
      return event satisfies never;
  }
}

type Common = Pick<RequestCommand, 'scope' | 'actor' | 'asOwner' | 'request' | 'account' | 'recheck'>;

/** The command of an event that changed nothing. */
function unchanged(event: RequestConfirmed | RequestRefused, before: AccountState, common: Common): RequestCommand {
  switch (event.command) {
    case 'OpenAccount':
      return { type: 'OpenAccount', ...common, ...askedIn(event, before) };
    case 'ChangeLimits':
      return { type: 'ChangeLimits', ...common, ...changesIn(event, before) };
    case 'FinishClose':
      return { type: 'FinishClose', ...common, version: versionIn(event, before) };
    default:
      return { type: event.command, ...common };
  }
}

function askedIn(event: RequestConfirmed | RequestRefused, before: AccountState): AccountProperties {
  if (event.type === 'RequestConfirmed') return propertiesOf(before);
  if (event.asked !== undefined) return event.asked;
  const owner = before.owner === SOMEBODY_ELSE ? `not ${SOMEBODY_ELSE}` : SOMEBODY_ELSE;
  return { ...propertiesOf(before), ...(event.reason === 'account_exists' ? { owner } : {}) };
}

/** What was confirmed is taken for a change to what is the case already. */
function changesIn(event: RequestConfirmed | RequestRefused, { currency }: AccountState): ChangesOfLimits {
  return (event.type === 'RequestRefused' ? event.changes : undefined) ?? { currency };
}

function versionIn(event: RequestConfirmed | RequestRefused, { closingVersion }: AccountState): number {
  if (event.type === 'RequestRefused' && event.version !== undefined) return event.version;
  return event.type === 'RequestRefused' && event.reason === 'close_superseded' ? closingVersion + 1 : closingVersion;
}

const nobody: Authority = {};

function authorityIn({ actor, asOwner }: Authority): Authority {
  if (actor === undefined && asOwner === undefined) return nobody;
  return { ...(actor === undefined ? {} : { actor }), ...(asOwner === undefined ? {} : { asOwner }) };
}
