import { readdirSync, readFileSync } from 'node:fs';

// Packages that ship ES modules only are transformed too, so that jest needs no VM modules.
const modules = new URL('./node_modules/', import.meta.url);
const names = readdirSync(modules).flatMap((entry) => {
  if (entry.startsWith('.')) return [];
  return entry.startsWith('@') ? readdirSync(new URL(entry, modules)).map((scoped) => `${entry}/${scoped}`) : [entry];
});
const hasRequire = (entry) =>
  typeof entry === 'object' &&
  entry !== null &&
  Object.entries(entry).some(([key, value]) => key === 'require' || ((key === 'node' || key === '.') && hasRequire(value)));
const esmOnly = names.filter((name) => {
  try {
    const manifest = JSON.parse(readFileSync(new URL(`${name}/package.json`, modules), 'utf8'));
    return manifest.type === 'module' && !hasRequire(manifest.exports) && !(manifest.main ?? '').endsWith('.cjs');
  } catch {
    return false;
  }
});
esmOnly.push('@electric-sql/pglite'); // its CommonJS build calls import(), which ends the process without VM modules

export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testTimeout: 30_000,
  // Most suites wait for processes or the clock, so that every core may have one.
  maxWorkers: '100%',
  testSequencer: '<rootDir>/jest.order.config.mjs',
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
};
