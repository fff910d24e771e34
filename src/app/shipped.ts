import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';
import { existsSync } from 'node:fs';

/** The folder with package.json: three levels up from here in the sources, four in the build. */
export const PRODUCT_ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));
export const TESTPLANS = join(PRODUCT_ROOT, 'testplans');
export const PROPERTIES = join(PRODUCT_ROOT, 'properties');
export const SEEDS = join(PRODUCT_ROOT, 'seeds');

const TEMPLATE = join(PRODUCT_ROOT, 'dist', 'store-template.tar');
/** Spares a fresh embedded store its `initdb`; made by the build, absent when running from the sources. */
export const STORE_TEMPLATE = existsSync(TEMPLATE) ? TEMPLATE : undefined;

function findRoot(from: string): string {
  return existsSync(join(from, 'package.json')) || from === dirname(from) ? from : findRoot(dirname(from));
}
