/** The API's document, and a page that shows it: all its files come from here, so that it needs nobody else's server. */
import type { DocumentationFile } from '../../core/contracts/documentation-files.ts';
import { problemOf } from '../../core/contracts/problems.ts';
import { type ApiHandler, type ApiPorts, apiHandler } from '../runtime/http.ts';
import {
  type ApiAnswer,
  type ApiCall,
  answerProblem,
  answerText,
  type Handlers,
  type Route,
  routesOf,
} from '../runtime/route.ts';

export interface DocumentationPorts {
  /** Text of a file. */
  readonly read: (file: DocumentationFile) => string;
}

/** Nothing here is anybody's business alone, and a deployment changes it: an hour spares most of the traffic. */
const KEEP = { 'cache-control': 'public, max-age=3600' };

/** Scripts, styles and requests from this very server only, and no frame of anybody around it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SAFE = { ...KEEP, 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff' };

/** References are relative: API Gateway serves the page below the name of a stage that only the browser knows. */
const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Wallet API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="viewer"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#viewer',
  deepLinking: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
`;

export function documentationRoutes(ports: DocumentationPorts): readonly Route[] {
  const handlers: Handlers<'documentation'> = {
    getOpenApi: async () => answerText('application/json', ports.read('openapi.json'), SAFE),
    getDocs: async () => answerText('text/html; charset=utf-8', PAGE, SAFE),
    getDocsFile: async (call) => answerFile(ports, call),
  };
  return routesOf(handlers);
}

/** A handler of API Gateway's events for these routes alone. */
export function createDocumentationApi(ports: DocumentationPorts & ApiPorts): ApiHandler {
  return apiHandler(documentationRoutes(ports), ports);
}

function answerFile({ read }: DocumentationPorts, { params }: ApiCall): ApiAnswer {
  switch (params['file']) {
    case 'start.js':
      return answerText('text/javascript; charset=utf-8', START, SAFE);
    case 'swagger-ui-bundle.js':
      return answerText('text/javascript; charset=utf-8', read('swagger-ui-bundle.js'), SAFE);
    case 'swagger-ui.css':
      return answerText('text/css; charset=utf-8', read('swagger-ui.css'), SAFE);
    default:
      return answerProblem(problemOf('route_not_found', 'The page has no file of this name.'));
  }
}
