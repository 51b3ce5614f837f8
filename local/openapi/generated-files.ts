/** All files that are made from the tables of the API, with the text that they must have. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { openApiDocument } from './document.ts';
import { problemsPage } from './problems-page.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** Bodies of the examples' answers, recorded by `test/unit/operation-examples.test.ts`. */
export const recordedAnswersPath = path.join(root, 'docs', 'examples.json');

const recordedAnswers = z.record(z.string(), z.record(z.string(), z.looseObject({})));

export function generatedFiles(): readonly GeneratedFile[] {
  const recorded = existsSync(recordedAnswersPath)
    ? recordedAnswers.parse(JSON.parse(readFileSync(recordedAnswersPath, 'utf8')))
    : {};
  const document = `${JSON.stringify(openApiDocument(projectVersion(), recorded), undefined, 2)}\n`;
  return [
    { path: path.join(root, 'docs', 'openapi.json'), text: document },
    { path: path.join(root, 'docs', 'PROBLEMS.md'), text: problemsPage() },
  ];
}

function projectVersion(): string {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
  return version;
}
