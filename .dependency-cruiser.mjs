// Who may import whom. Imports go downwards only.

const kernel = ['kernel'];
const machine = [...kernel, 'hardware', 'processor', 'hypervisor'];
const pure = [...machine, 'mechanisms', 'guests', 'explore'];
const all = [...pure, 'recordings', 'node', 'cli'];

/** The folders of src whose modules each folder may import, besides its own. */
const mayImport = {
  kernel: [],
  hardware: kernel,
  processor: kernel,
  hypervisor: [...kernel, 'hardware', 'processor'],
  mechanisms: machine,
  guests: machine,
  explore: [...machine, 'mechanisms', 'guests'],
  node: [...pure, 'recordings'],
  cli: [...pure, 'recordings', 'node'],
};

/**
 * What the package exports, and with a folder of the same name what only that entry needs; but src/mechanisms/ is a layer.
 */
const entry = '^src/((index|vitest|fast-check|rxjs)(/|[.]ts$)|mechanisms[.]ts$)';
const started = ['^src/cli/main(-of-run)?[.]ts$', '^src/node/([a-z-]+-)?worker[.]ts$'];

const layers = Object.entries(mayImport).map(([folder, others]) => ({
  name: `layer-${folder}`,
  comment: `src/${folder} imports ${others.length === 0 ? 'no other folder' : `only ${others.join(', ')}`}`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...others].join('|')})/` },
}));

export default {
  forbidden: [
    ...layers,
    {
      name: 'layer-recordings',
      comment: 'recordings are of the kernel’s events; only report writers know what exploring found',
      severity: 'error',
      // These three are the places that say what machines are recorded.
      from: {
        path: '^src/recordings/',
        pathNot: '^src/recordings/(report|(persistent-memory|mechanism|program-run)[.]ts$)',
      },
      to: { path: '^src/', pathNot: '^src/(recordings|kernel)/' },
    },
    {
      name: 'layer-reports',
      comment: 'report writers know kernel to explore',
      severity: 'error',
      from: { path: '^src/recordings/report' },
      to: { path: '^src/', pathNot: `^src/(recordings|${pure.join('|')})/` },
    },
    {
      name: 'layer-entries',
      comment: 'what the package exports imports any folder but the command line',
      severity: 'error',
      from: { path: entry },
      to: { path: '^src/cli/' },
    },
    {
      name: 'new-folder',
      comment: 'a folder of src has a place in the layers: give it one in .dependency-cruiser.mjs',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/', pathNot: [`^src/(${all.join('|')})/`, entry] },
    },
    {
      name: 'runs-in-a-browser',
      comment: 'kernel to explore run without Node: files, processes and threads are handed in from src/node',
      severity: 'error',
      from: { path: `^src/(${pure.join('|')})/` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'packages-of-the-core',
      comment: 'kernel to explore use immer, rxjs and the decoder of instructions, and no other package',
      severity: 'error',
      from: { path: `^src/(${pure.join('|')})/` },
      to: { path: 'node_modules/', pathNot: 'node_modules/(immer|rxjs|iced-x86)/' },
    },
    ...['vitest', 'fast-check'].map((peer) => ({
      name: `optional-${peer}`,
      comment: `${peer} may not be installed: only the entry that binds to it imports it`,
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/${peer}(/|[.]ts$)` },
      to: { path: `node_modules/${peer}/` },
    })),
    {
      name: 'no-development-package',
      comment: 'src imports what is installed with the package: dependencies and peerDependencies',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm-peer'] },
    },
    {
      name: 'not-out-of-src',
      comment: 'src imports nothing from test, bench, examples, scripts or dist',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['local'], pathNot: ['^src/', 'node_modules/'] },
    },
    {
      name: 'no-cycle',
      comment: 'two modules that need each other are one module, or both need a third',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unused-module',
      comment: 'nothing in src imports it: delete it, or export it from an entry',
      severity: 'error',
      from: {},
      module: { path: '^src/', pathNot: ['^src/[^/]+[.]ts$', ...started], numberOfDependentsLessThan: 1 },
    },
    {
      name: 'not-found',
      comment: 'the import leads nowhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
