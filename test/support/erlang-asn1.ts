import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Variant } from '../../runners/interfaces/per/writer.ts';

const SCRIPT = fileURLToPath(new URL('asn1/again.escript', import.meta.url));

/** Whether Erlang and its asn1 application are installed (Debian: erlang-asn1). */
export function hasErlangAsn1(): boolean {
  const found = spawnSync('erl', [
    '-noshell',
    '-eval',
    'halt(case code:lib_dir(asn1) of {error, _} -> 1; _ -> 0 end).',
  ]);
  return found.status === 0;
}

export interface Sample {
  /** Without its module: a set has every name once. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface Agreement {
  readonly folder: string;
  readonly modules: readonly { readonly name: string; readonly text: string }[];
  readonly variant: Variant;
}

/** What Erlang says of each sample: `same`, `differs HEX` or `refuses REASON`. */
export function askErlang(
  { folder, modules, variant }: Agreement,
  samples: readonly Sample[],
): readonly string[] {
  mkdirSync(folder, { recursive: true });
  for (const { name, text } of modules) writeFileSync(join(folder, `${name}.asn1`), text);
  writeFileSync(join(folder, 'Whole.set.asn'), modules.map(({ name }) => `${name}.asn1\n`).join(''));
  writeFileSync(
    join(folder, 'lines'),
    samples.map(({ type, bytes }) => `${type} ${Buffer.from(bytes).toString('hex')}\n`).join(''),
  );
  const rules = variant === 'aligned' ? 'per' : 'uper';
  const out = execFileSync('escript', [SCRIPT, 'Whole', rules, 'lines'], {
    cwd: folder,
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return out
    .toString()
    .trimEnd()
    .split('\n')
    .filter((line) => /^(?:same|differs|refuses)\b/u.test(line));
}

/** The modules of a text, each by its name. */
export function modulesOf(text: string): readonly { readonly name: string; readonly text: string }[] {
  const shape = /^([A-Z][\w-]*)\s*(?:\{[^}]*\})?\s*DEFINITIONS[\s\S]*?^END\b/gmu;
  return Array.from(text.matchAll(shape), ([whole, name = '']) => ({ name, text: `${whole}\n` }));
}
