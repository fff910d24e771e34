import { readdirSync, readFileSync } from 'node:fs';
import type { ModuleFile } from '../../runners/interfaces/per/asn1/parse-module.ts';

const FOLDER = new URL('../../runners/interfaces/e2sm/asn1/', import.meta.url);

/** The texts of our own service-model modules. */
export function e2smTexts(): readonly ModuleFile[] {
  return readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(new URL(name, FOLDER), 'utf8') }));
}
