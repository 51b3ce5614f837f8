/** Architecture as executable rules: imports only point down the list of folders. */
const packageKinds = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown', 'unknown'];
const outside = [...packageKinds, 'core'];

/** Files of `from` may import project files of `from` itself and of `allowed` only. */
const layer = (from, allowed, comment) => ({
  name: `${from.replaceAll('/', '-')}-imports`,
  severity: 'error',
  comment,
  from: { path: `^${from}/` },
  to: { pathNot: `^(${[from, ...allowed].join('|')})(/|\\.)`, dependencyTypesNot: outside },
});
/** Files of `from` may import from outside the project only what matches `allowed`. */
const packages = (from, allowed, comment) => ({
  name: `${from.replaceAll('/', '-')}-packages`,
  severity: 'error',
  comment,
  from: { path: `^${from}/` },
  to: { dependencyTypes: outside, pathNot: allowed },
});
const nothing = '^$';
const zod = '(^|/)zod(/|$)';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    layer('core/domain', [], 'The domain is pure.'),
    packages('core/domain', nothing, 'Determinism is a property of the folder: no package, no node module.'),
    layer('core/contracts', ['core/domain'], 'Shapes that leave the process speak of the domain only.'),
    packages('core/contracts', zod, 'Contracts are schemas, nothing else.'),
    layer('core/flows', ['core/domain', 'core/contracts', 'core/ports'], 'Flows work over ports.'),
    packages('core/flows', nothing, 'No cloud and no middleware in a flow.'),
    layer('adapters', ['core'], 'Adapters make ports real.'),
    {
      name: 'adapters-are-islands',
      severity: 'error',
      from: { path: '^adapters/([^/]+)/' },
      to: { path: '^adapters/', pathNot: '^adapters/$1/' },
    },
    {
      name: 'sdk-only-in-adapters',
      severity: 'error',
      comment: 'One place speaks to AWS.',
      from: { path: '^(core|functions|cli|local|infra)/' },
      to: { path: '(^|/)@aws-sdk/' },
    },
    layer('functions', ['core', 'adapters/aws', 'adapters/node'], 'A handler is wiring.'),
    layer('client', [], 'The client is for programs that know the API only by its document.'),
    packages(
      'client',
      '(^|/)openapi-fetch(/|$)|^node:|^(crypto|timers/promises)$',
      'It has one package to send requests with.',
    ),
    {
      name: 'functions-are-islands',
      severity: 'error',
      from: { path: '^functions/([^/]+)/' },
      to: { path: '^functions/', pathNot: '^functions/($1|runtime)/' },
    },
    {
      name: 'infra-imports',
      severity: 'error',
      comment:
        'The CDK app shares names of environment variables and metrics, operations and problems with the code that runs.',
      from: { path: '^infra/' },
      to: {
        path: '^(core|adapters|functions|cli|local)/',
        pathNot: '^core/contracts/(documentation-files|env|operations|problems)\\.ts$',
      },
    },
    { name: 'nothing-imports-test', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    {
      name: 'memory-adapter-is-for-tests',
      severity: 'error',
      from: { pathNot: '^(test|adapters/memory|bench)/' },
      to: { path: '^adapters/memory/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(cdk\\.out|\\.wallet)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
