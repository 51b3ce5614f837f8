/** The API's document: what is committed is what the tables say, its linter has nothing to say, and no problem is left out. */
import { readFileSync } from 'node:fs';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, test } from 'vitest';
import { type OperationDocument, operationDocuments } from '../../core/contracts/operation-documents.ts';
import { operation, operationIds } from '../../core/contracts/operations.ts';
import { problemReasons } from '../../core/contracts/problems.ts';
import { problemsByStatus } from '../../local/openapi/document.ts';
import { generatedFiles } from '../../local/openapi/generated-files.ts';

/** Reasons that no operation has: nothing was asked for that is there, or it is a command of the wallet's own that meets them. */
const ofNoOperation = ['malformed_request', 'route_not_found', 'method_not_allowed', 'close_superseded'];

const files = await generatedFiles();

describe.each(files)('$path', ({ path, text }) => {
  test('is what the tables say; `npm run openapi` writes it', () => {
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

test('the linter has nothing to say', async () => {
  const [document] = files;
  const config = await createConfig({ extends: ['recommended-strict'] });
  const found = await lintFromString({ source: document?.text ?? '', config });
  expect(found.map(({ ruleId, message, location }) => `${location[0]?.pointer}: ${ruleId}: ${message}`)).toEqual([]);
});

test('every reason is listed with an operation that can have it', () => {
  const listed = operationIds.flatMap((id) => {
    const page: OperationDocument = operationDocuments[id];
    return [...problemsByStatus(operation(id), page).values()].flat();
  });
  expect([...new Set([...listed, ...ofNoOperation])].sort()).toEqual([...problemReasons].sort());
});

test('an operation is asked for at one path by one method', () => {
  const places = operationIds.map((id) => `${operation(id).method} ${operation(id).path}`);
  expect(new Set(places).size).toBe(places.length);
});
