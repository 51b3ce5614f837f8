/**
 * The examples of the API's document, executed: each call is made of a wallet in memory in which the world of the examples is the
 * case, and what is answered is what the document shows. `npm run openapi` records the answers.
 */
import { expect, test } from 'vitest';
import {
  type Example,
  exampleWorld,
  type OperationDocument,
  operationDocuments,
} from '../../core/contracts/operation-documents.ts';
import { type OperationId, operation, operationIds } from '../../core/contracts/operations.ts';
import { recordedAnswersPath } from '../../local/openapi/generated-files.ts';
import { type Answer, MemoryApi } from '../memory-api.ts';

/** A fresh world for each example, so that none depends on another. */
async function exampleApi(): Promise<MemoryApi> {
  const api = new MemoryApi();
  const { bank, customers, transfers } = exampleWorld;
  for (const account of [bank, ...customers]) await api.post('/v1/wallet/accounts', account);
  for (const transfer of transfers) await api.post('/v1/wallet/balance_transfer', transfer);
  return api;
}

async function call(id: OperationId, { params = {}, query = {}, headers = {}, body }: Example): Promise<Answer> {
  const api = await exampleApi();
  const { method, path } = operation(id);
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? `no-${name}`));
  const search = new URLSearchParams(query).toString();
  return api.request(method, search === '' ? filled : `${filled}?${search}`, body, { headers });
}

const examples = operationIds.flatMap((id) => {
  const page: OperationDocument = operationDocuments[id];
  return Object.entries(page.examples).map(([name, example]) => ({ id, name, example }));
});

test('every operation has an example', () => {
  expect(new Set(examples.map(({ id }) => id))).toEqual(new Set(operationIds));
});

test('every example is answered as the document shows', async () => {
  const answers: Record<string, Record<string, unknown>> = {};
  for (const { id, name, example } of examples) {
    const { status, body } = await call(id, example);
    expect({ id, name, status }, JSON.stringify(body)).toEqual({ id, name, status: example.status });
    if (example.isRecorded !== false) answers[id] = { ...answers[id], [name]: body };
  }
  await expect(`${JSON.stringify(answers, undefined, 2)}\n`).toMatchFileSnapshot(recordedAnswersPath);
});
