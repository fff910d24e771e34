/** The house plan: a room may import itself, src/kernel, and what stands beside it; nothing else. */
const rooms = {
  'src/kernel': [],
  'src/domain': [],
  'src/documents': [],
  'src/plans': ['src/documents', 'src/domain', 'src/judge'],
  'src/inventory': ['src/documents', 'src/domain'],
  'src/planning': ['src/domain'],
  'src/evidence': ['src/domain'],
  'src/judge': ['src/domain'],
  'src/reports': ['src/attest/format', 'src/domain', 'src/evidence'],
  'src/attest': ['src/domain'],
  'src/campaigns': [
    'src/attest',
    'src/documents',
    'src/domain',
    'src/evidence',
    'src/inventory',
    'src/planning',
    'src/plans',
    'src/reports',
  ],
  'src/contract': ['src/domain', 'src/evidence'],
  'src/adapters': [
    'src/api',
    'src/attest',
    'src/campaigns',
    'src/contract',
    'src/domain',
    'src/evidence',
    'src/planning',
    'src/reports',
  ],
  'src/config': [],
  'src/api': ['src/domain'],
  'src/app': ['src/(?!cli/)[^/]+', 'runners'],
  'src/cli': [
    'src/api',
    'src/app',
    'src/attest/verify',
    'src/attest/format',
    'src/config',
    'src/documents',
    'src/domain',
    'src/inventory',
    'src/judge',
    'src/plans',
  ],
  'runners/core': ['runners', 'src/contract', 'src/domain', 'src/evidence'],
  'runners/procedures': [
    'runners/interfaces',
    'runners/simulators',
    'src/domain',
    'src/evidence',
    'src/judge',
  ],
  'runners/interfaces': ['src/domain', 'src/judge'],
  'runners/simulators': ['runners/interfaces', 'runners/sandbox', 'src/domain'],
  'runners/sandbox': [],
};

/** The doors: an outside package is imported in these places only. */
const doors = {
  '@electric-sql/pglite': ['src/adapters/store-sql'],
  '@fastify': ['src/adapters/http-fastify'],
  '@grpc/grpc-js': ['src/adapters/rpc-grpc', 'runners/core'],
  '@peculiar/x509': ['src/adapters/ca-x509', 'runners/core', 'runners/interfaces/tls'],
  '@myriaddreamin': ['src/adapters/pdf-typst'],
  ajv: ['src/config', 'src/documents', 'src/adapters/http-fastify', 'runners/interfaces/a1'],
  bullmq: ['src/adapters/queue-bullmq'],
  commander: ['src/cli'],
  execa: ['runners/sandbox'],
  'fast-xml-parser': ['src/reports/imports'],
  fastify: ['src/adapters/http-fastify'],
  ioredis: ['src/adapters/queue-bullmq'],
  koffi: ['src/adapters/pkcs11', 'runners/interfaces/sctp'],
  kysely: ['src/adapters/store-sql'],
  pg: ['src/adapters/store-sql'],
  pino: ['src/adapters/log-pino', 'runners/core'],
  protobufjs: ['src/contract'],
  typebox: [
    'src/config',
    'src/documents',
    'src/inventory',
    'src/plans',
    'src/api',
    'src/adapters/http-fastify',
  ],
  yaml: ['src/documents', 'src/cli'],
};

const inside = (paths) => paths.map((path) => `^${path}/`);
const rule = (name, from, to) => ({ name, severity: 'error', from, to });

module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([room, allowed]) =>
      rule(
        `${room} imports only ${['src/kernel', ...allowed].join(', ')}`,
        { path: `^${room}/` },
        { path: '^(src|runners|test|testplans|seeds)/', pathNot: inside([room, 'src/kernel', ...allowed]) },
      ),
    ),
    ...Object.entries(doors).map(([name, allowed]) =>
      rule(
        `${name} comes in only by ${allowed.join(', ')}`,
        { path: '^(src|runners)/', pathNot: [...inside(allowed), '^src/contract/gen/'] },
        { path: `^node_modules/${name}/` },
      ),
    ),
    rule(
      'adapters do not know each other',
      { path: '^src/adapters/([^/]+)/' },
      { path: '^src/adapters/', pathNot: '^src/adapters/$1/' },
    ),
    rule(
      'what speaks to tokens is loaded only when one is opened',
      { path: '^(src|runners)/', pathNot: '^src/adapters/pkcs11/' },
      { path: '^src/adapters/pkcs11/', dynamic: false },
    ),
    rule(
      'signing and verifying do not know each other',
      { path: '^src/attest/(sign|verify)/' },
      { path: '^src/attest/(sign|verify)/', pathNot: '^src/attest/$1/' },
    ),
    rule(
      'verifying touches files and digests only: no network, no store, no process',
      { path: '^src/attest/verify/' },
      {
        dependencyTypes: ['core'],
        pathNot: '^(node:)?(crypto|fs|fs/promises|path|util)$',
      },
    ),
    rule('verifying needs nobody else', { path: '^src/attest/(verify|format)/' }, { path: '^node_modules/' }),
    rule(
      'generated code stays behind src/contract',
      { pathNot: '^src/contract/' },
      { path: '^src/contract/gen/' },
    ),
    rule(
      'only src/cli looks at src/app',
      { path: '^(src|runners)/', pathNot: '^src/(app|cli)/' },
      { path: '^src/app/' },
    ),
    rule(
      'pure rooms touch no Node module',
      { path: '^src/(kernel|domain|evidence|judge|planning|reports|attest/format)/' },
      { dependencyTypes: ['core'] },
    ),
    rule('no cycles', {}, { circular: true, dependencyTypesNot: ['type-only'] }),
    rule(
      'no dead files',
      { orphan: true, path: '^(src|runners)/', pathNot: ['\\.d\\.ts$', '^runners/interfaces/[^/]+/gen/'] },
      {},
    ),
    rule(
      'no dev dependency in the product',
      { path: '^(src|runners)/' },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    rule('everything resolves', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(src/contract|runners/interfaces/[^/]+)/gen/.*\\.d\\.ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
