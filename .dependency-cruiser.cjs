// Who may import whom: the table of docs/architecture.md, enforced. Read `layers` top to bottom.
// tools/lint.mjs plants a violation and expects it to be reported, so a check that cannot run fails.
const lib = (name) => `^libs/${name}/`;
const layers = {
  kernel: { path: lib('kernel'), sees: [], npm: [] },
  model: { path: lib('model'), sees: ['kernel'], npm: [] },
  engine: { path: lib('engine'), sees: ['kernel', 'model'], npm: [] },
  strategies: { path: lib('strategies'), sees: ['kernel', 'model', 'engine', 'indicators'], npm: [] },
  'strategy-files': { path: lib('strategy-files'), sees: ['kernel', 'model', 'strategies'] },
  matching: { path: lib('matching'), sees: ['kernel', 'model'], npm: [] },
  indicators: { path: lib('indicators'), sees: ['kernel', 'model'], npm: [] },
  backtest: {
    path: lib('backtest'),
    sees: ['kernel', 'model', 'engine', 'indicators', 'strategies', 'strategy-files', 'matching'],
    npm: [],
    // Its rim: threads. What decides is within, and pure.
    rim: '^libs/backtest/src/sweep/',
  },
  learning: { path: lib('learning'), sees: ['kernel', 'model'], npm: [] },
  contracts: { path: lib('contracts'), sees: ['kernel', 'model'], npm: ['@bufbuild/protobuf'] },
  platform: { path: '^libs/platform/', sees: ['kernel', 'contracts', 'platform'] },
  venues: { path: '^libs/venues/', sees: ['kernel', 'model', 'venues'] },
  testkit: { path: lib('testkit'), sees: ['kernel', 'model'] },
  // A door of a service that only the simulation goes through: the real handlers, ports, and the adapters that decide something.
  'simulation-door': { path: '^services/(strategy|risk-gate|execution)/src/simulation\\.ts$', foreign: true },
  simulation: {
    path: lib('simulation'),
    sees: ['kernel', 'model', 'engine', 'strategies', 'contracts', 'platform', 'venues', 'simulation-door'],
  },
};
const spec = '(\\.spec\\.ts$|/(test|scripts)/)';
const testDoor = '/src/testing(\\.ts$|/)';
const ours = '^(libs|services)/';
const pathOf = (name) => layers[name].path;
const literally = (name) => name.replace(/[/@.-]/g, '\\$&');

const ruled = Object.entries(layers).filter(([, { foreign }]) => foreign !== true);
const layerRules = ruled.flatMap(([name, { path, sees, npm, rim = [] }]) => [
  {
    name: `layer-${name}`,
    comment: `${name} sees only ${['itself', ...sees].join(', ')}.`,
    severity: 'error',
    from: { path, pathNot: [spec, testDoor] },
    to: { path: ours, pathNot: [path, ...sees.map(pathOf)] },
  },
  {
    name: `layer-${name}-in-specs`,
    severity: 'error',
    from: { path: `${path}.*(${spec}|${testDoor})` },
    to: { path: ours, pathNot: [path, ...sees.map(pathOf), lib('testkit')] },
  },
  ...(npm
    ? [
        {
          name: `npm-${name}`,
          comment: `${name} is pure: no package but ${npm.join(', ') || 'none'}.`,
          severity: 'error',
          from: { path, pathNot: [spec, testDoor, rim].flat() },
          to: {
            dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown', 'core'],
            pathNot: [ours, ...npm.map((p) => `node_modules/${literally(p)}`)],
          },
        },
      ]
    : []),
]);

module.exports = {
  forbidden: [
    ...layerRules,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'service-never-service',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'lib-never-service',
      comment: 'But for the simulation, which runs what the services run.',
      severity: 'error',
      from: { path: '^libs/', pathNot: lib('simulation') },
      to: { path: '^services/' },
    },
    {
      name: 'simulation-stands-apart',
      comment: 'Nobody imports the simulation, and nobody but it goes through its doors.',
      severity: 'error',
      from: { path: ours, pathNot: lib('simulation') },
      to: { path: [lib('simulation'), pathOf('simulation-door')] },
    },
    {
      name: 'domain-is-pure',
      comment: 'domain/ sees itself and the pure libs.',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/domain/', pathNot: spec },
      to: {
        pathNot: [
          '^services/$1/src/domain/',
          '^libs/(kernel|model|engine|strategies|matching|backtest|learning|contracts|venues/api)/',
        ],
      },
    },
    {
      name: 'research-stands-apart',
      comment: 'What trades knows nothing of backtests.',
      severity: 'error',
      from: { path: '^services/', pathNot: ['^services/(research|cli)/', '^services/dashboard/test/'] },
      to: { path: pathOf('backtest') },
    },
    {
      name: 'ports-speak-the-domain',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/ports/' },
      to: {
        pathNot: [
          '^services/$1/src/(ports|domain)/',
          '^libs/(kernel|model|engine|strategies|backtest|contracts|venues/api)/',
        ],
      },
    },
    {
      name: 'handlers-use-ports',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/handlers/', pathNot: spec },
      to: { path: '^services/$1/src/adapters/' },
    },
    {
      name: 'adapters-never-drive',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/adapters/', pathNot: spec },
      to: { path: '^services/$1/src/handlers/' },
    },
    {
      name: 'one-wiring-place',
      comment: 'Only the module file binds adapters to ports.',
      severity: 'error',
      from: {
        path: '^services/([^/]+)/src/',
        pathNot: ['^services/[^/]+/src/adapters/', '\\.module\\.ts$', pathOf('simulation-door'), spec],
      },
      to: { path: '^services/$1/src/adapters/' },
    },
    {
      name: 'testkit-in-specs-only',
      severity: 'error',
      from: { path: ours, pathNot: [spec, testDoor, '^libs/testkit/', '^services/[^/]+/test/'] },
      to: { path: '^libs/testkit/' },
    },
    {
      name: 'no-deep-imports',
      severity: 'error',
      from: { path: ours },
      to: { path: 'node_modules/@scalpstorm/[^/]+/(src|dist)/' },
    },
    { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.specs.json' },
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/dist/', '/generated/', '^\\.cache', '^\\.runtime'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['source', 'import', 'node', 'default'] },
  },
};
