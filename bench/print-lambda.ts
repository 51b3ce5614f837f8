/** `npm run bench:lambda`: prints the tables of the Lambda side. */
import { hotAccountTable } from './hot-account.ts';
import { bundleTable, processorTable, requestsTable } from './lambda.ts';

console.log(await bundleTable());
console.log(await processorTable());
console.log(await hotAccountTable());
console.log(requestsTable());
