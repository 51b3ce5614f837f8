/** The files that the documentation is served from, where they are in the project. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type DocumentationFile, documentationFiles } from '../core/contracts/documentation-files.ts';

const root = path.resolve(import.meta.dirname, '..');

export function readDocumentationFile(file: DocumentationFile): string {
  return readFileSync(path.join(root, documentationFiles[file]), 'utf8');
}
