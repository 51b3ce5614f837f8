/** All files that are made from the tables of the API, with the text that they must have. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import * as z from 'zod';
import { apiPage } from './api-page.ts';
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

export async function generatedFiles(): Promise<readonly GeneratedFile[]> {
  const recorded = existsSync(recordedAnswersPath)
    ? recordedAnswers.parse(JSON.parse(readFileSync(recordedAnswersPath, 'utf8')))
    : {};
  const document = openApiDocument(projectVersion(), recorded);
  return [
    { path: path.join(root, 'docs', 'openapi.json'), text: `${JSON.stringify(document, undefined, 2)}\n` },
    { path: path.join(root, 'docs', 'API.md'), text: apiPage(recorded) },
    { path: path.join(root, 'docs', 'PROBLEMS.md'), text: problemsPage() },
    { path: path.join(root, 'client', 'api-types.ts'), text: await clientTypes(document) },
  ];
}

/** Lists of values that grow: a new currency must not break the types of a program. */
const LONGEST_CHOICE = 50;

/** Types of the client. The library reads the document as anybody else would: as JSON. */
async function clientTypes(document: object): Promise<string> {
  const withoutLongChoices = (name: string, value: unknown) =>
    name === 'enum' && Array.isArray(value) && value.length > LONGEST_CHOICE ? undefined : value;
  const types = astToString(await openapiTS(JSON.stringify(document, withoutLongChoices)));
  return `/** Types of the API, made from its document by \`npm run openapi\`. */\n${types}`;
}

function projectVersion(): string {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
  return version;
}
