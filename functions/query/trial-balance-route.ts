/** The trial balance as it is shown. */
import { readTimeParameter } from '../../core/contracts/http-requests.ts';
import { problemOf } from '../../core/contracts/problems.ts';
import { timestampOf } from '../../core/contracts/timestamp.ts';
import { trialBalanceResource } from '../../core/contracts/trial-balance.ts';
import { readTrialBalance, type TrialBalancePorts } from '../../core/flows/compute-trial-balance.ts';
import { type ApiAnswer, type ApiCall, answerFault, answerProblem, answerResource } from '../runtime/route.ts';

/** Seconds after which to ask again for a trial balance that the scheduled job has not made yet: it runs about that often. */
const NEXT_REPORT_SECONDS = 300;

export function trialBalanceHandlers(ports: TrialBalancePorts) {
  return { getTrialBalance: (call: ApiCall) => show(ports, call) };
}

async function show(ports: TrialBalancePorts, call: ApiCall): Promise<ApiAnswer> {
  const { at: text } = call.query;
  const at = text === undefined ? undefined : readTimeParameter('at', text);
  if (at?.ok === false) return answerFault(at.fault);
  const trial = await readTrialBalance(ports, call.caller.scope, at?.value);
  if (trial !== undefined) return answerResource(200, trialBalanceResource(trial, timestampOf));
  const problem = problemOf('unavailable', 'The first trial balance of so large a wallet is still to be made.');
  return answerProblem(problem, { 'retry-after': String(NEXT_REPORT_SECONDS) });
}
