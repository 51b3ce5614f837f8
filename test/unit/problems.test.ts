/** The table of problems: every reason has a row, its own type, an HTTP status of errors and a metric that exists. */
import { expect, test } from 'vitest';
import { metrics } from '../../core/contracts/env.ts';
import {
  FAILED_TRANSFER_STATUS,
  failedTransferOf,
  problemOf,
  problemReasons,
  problemRow,
} from '../../core/contracts/problems.ts';
import { reasons } from '../../core/domain/reason.ts';

test('every reason of the domain has a row', () => {
  expect(problemReasons).toEqual(expect.arrayContaining([...reasons]));
});

test.each(problemReasons)('%s is a full problem document', (reason) => {
  const { type, title, status, detail } = problemOf(reason, 'This and that.');
  expect(type).toMatch(/^urn:problem-type:wallet:[a-z-]+$/);
  expect(title).toMatch(/^[A-Z].*\.$/);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(detail).toBe('This and that.');
  expect(Object.values(metrics)).toContain(problemRow(reason).metric);
});

test('no two reasons share a type', () => {
  const types = problemReasons.map((reason) => problemOf(reason, '').type);
  expect(new Set(types).size).toBe(problemReasons.length);
});

test('members cannot take the place of what RFC 9457 names', () => {
  const problem = problemOf('not_empty', 'Really.', {
    type: 'x',
    title: 'x',
    status: 1,
    detail: 'x',
    reason: 'x',
    own: 'kept',
  });
  expect(problem).toMatchObject({ title: problemRow('not_empty').title, status: 409, detail: 'Really.', own: 'kept' });
});

test('a transfer fails with one status, whatever the reason', () => {
  expect(new Set(reasons.map((reason) => failedTransferOf(reason, {}).status))).toEqual(
    new Set([FAILED_TRANSFER_STATUS]),
  );
});
