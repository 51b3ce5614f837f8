/**
 * The deployed check-back drives on what nobody works on any more. The saga's state machine is replaced by one that ends at once
 * and does nothing, so transfers are debited and their sagas are lost; then it is put back, and the check-back alone has to find
 * them. An account that was closed is closed for good by it, too.
 */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand, SFNClient, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeAll, expect, inject, test } from 'vitest';
import { type Answer, balanceOf, freshAccount, funded, get, open, post, settle, transferOf, until } from './api.ts';

const { endpoint, region, sagaArn, checkBackFunction } = inject('stack');
const place = { region, ...(endpoint === '' ? {} : { endpoint }) };
const stepFunctions = new SFNClient(place);
const lambda = new LambdaClient(place);

const doesNothing = JSON.stringify({ StartAt: 'Nothing', States: { Nothing: { Type: 'Succeed' } } });
let definition = '';

beforeAll(async () => {
  const saga = await stepFunctions.send(new DescribeStateMachineCommand({ stateMachineArn: sagaArn }));
  definition = saga.definition ?? '';
});

afterEach(() => defineSaga(definition));

async function defineSaga(as: string): Promise<void> {
  await stepFunctions.send(new UpdateStateMachineCommand({ stateMachineArn: sagaArn, definition: as }));
}

/** The schedule's next run, now. */
async function checkBack(): Promise<void> {
  const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName: checkBackFunction }));
  expect(FunctionError).toBeUndefined();
}

async function statusOf(transfer: { readonly transaction_id: string }): Promise<Answer> {
  return get(`/v1/wallet/transfers/${transfer.transaction_id}`);
}

test('transfers whose saga is lost end without anybody asking for them', async () => {
  const [alice, bob] = [await funded('alice', '10'), await open(freshAccount('bob'))];
  const paid = transferOf(alice, bob, '4');
  const refused = transferOf(alice, freshAccount('nobody'), '3');
  await defineSaga(doesNothing);
  await post('/v1/wallet/balance_transfers', { transfers: [paid, refused] }, { prefer: 'respond-async' });
  expect(
    await until(
      () => balanceOf(alice),
      (balance) => balance === '3.00',
    ),
  ).toBe('3.00');
  await defineSaga(definition);

  const ended = await until(
    async () => {
      await checkBack();
      return Promise.all([statusOf(paid), statusOf(refused)]);
    },
    (answers) => answers.every(({ body }) => body['status'] !== 'pending'),
  );
  expect(ended.map(({ body }) => body['state'])).toEqual(['completed', 'reversed']);
  expect([await balanceOf(alice), await balanceOf(bob)]).toEqual(['6.00', '4.00']);
});

test('an account that is closing is closed once all that it paid has arrived', async () => {
  const [carol, bob] = [await funded('carol', '5'), await open(freshAccount('bob'))];
  expect((await settle(transferOf(carol, bob, '5'))).body).toMatchObject({ status: 'success' });
  await post(`/v1/wallet/accounts/${carol}/close`);
  const closed = await until(
    async () => {
      await checkBack();
      return get(`/v1/wallet/accounts/${carol}`);
    },
    ({ body }) => body['status'] !== 'closing',
  );
  expect(closed.body).toMatchObject({ status: 'closed' });
});
