/** The documentation Lambda: the API's document and its page. It reads nothing but the files beside it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DocumentationFile } from '../../core/contracts/documentation-files.ts';
import { byAuthorizer } from '../runtime/identify.ts';
import { journal, meter, observed } from '../runtime/observability.ts';
import { createDocumentationApi } from './api.ts';

const texts = new Map<DocumentationFile, string>();

function read(file: DocumentationFile): string {
  const known = texts.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(path.join(import.meta.dirname, file), 'utf8');
  texts.set(file, text);
  return text;
}

export const handler = observed(createDocumentationApi({ read, identify: byAuthorizer, meter, journal }));
