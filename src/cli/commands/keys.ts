import { join } from 'node:path';
import { type Command, Option } from 'commander';

import type { Keys, KeysAt } from '../../app/keys.ts';
import { isLabName, KEY_ALGORITHMS, type KeyAlgorithm } from '../../attest/format/keys.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { Cli, JsonOption } from '../cli.ts';
import { parseDuration } from '../input.ts';
import { renderRows } from '../render.ts';

const ROLES = ['lab-system', 'authorised-signatory'] as const;

interface FolderOptions extends JsonOption {
  readonly dir?: string;
  readonly lab?: string;
}

interface RotateOptions extends FolderOptions {
  readonly role: (typeof ROLES)[number];
  readonly overlap: string;
  readonly alg?: KeyAlgorithm;
  readonly remove?: true;
}

/** `patchbay keys …`: with which keys a lab signs, and which it tells its partners to trust. Needs no orchestrator. */
export function registerKeys(program: Command, cli: Cli): void {
  const keys = program.command('keys').description('the keys a lab signs with; works on files alone');
  keys
    .command('init')
    .description('make keys for a lab that has none: one for its system, one for its authorised signatory')
    .requiredOption('--lab <name>', 'what the lab is called in reports: a-z 0-9 . -')
    .option('--dir <dir>', 'the new folder; without it, the one of `patchbay up`')
    .addOption(new Option('--alg <name>', 'algorithm').choices(KEY_ALGORITHMS).default(KEY_ALGORITHMS[0]))
    .option('--json', 'print the result as JSON')
    .action(async ({ lab, dir, alg, ...json }: FolderOptions & { lab: string; alg: KeyAlgorithm }) => {
      const { initKeys } = await import('../../app/keys.ts');
      cli.print(json, await initKeys(dir ?? home(cli), lab, alg), renderKeyList);
    });
  folderCommand(keys, 'list', 'list the keys of a lab and their state').action(
    async (options: FolderOptions) => {
      const { listKeys } = await import('../../app/keys.ts');
      cli.print(options, await listKeys(placeOf(cli, options)), renderKeyList);
    },
  );
  registerChanges(keys, cli);
  folderCommand(keys, 'export', 'put the public halves into a trust folder, beside what is there')
    .requiredOption('--out <dir>', 'the trust folder: <lab>/keys.json and <lab>/<keyid>.pem')
    .action(async ({ out, ...options }: FolderOptions & { readonly out: string }) => {
      const { exportKeys } = await import('../../app/keys.ts');
      const files = await exportKeys(placeOf(cli, options), out);
      cli.print(options, { out, files }, () => files.map((file) => `${join(out, file)}\n`).join(''));
    });
}

function registerChanges(keys: Command, cli: Cli): void {
  folderCommand(keys, 'rotate', 'sign with a new key from now on; reports signed so far stay good')
    .addOption(new Option('--role <role>', 'whose key').choices(ROLES).makeOptionMandatory())
    .option('--overlap <time>', 'how long the old key stays valid: 12h, 30d', '30d')
    .addOption(new Option('--alg <name>', 'algorithm; without it, as before').choices(KEY_ALGORITHMS))
    .option('--remove', 'remove the private half of the old key; without it, it is kept in retired/')
    .action(async ({ role, overlap, alg, remove, ...options }: RotateOptions) => {
      const { rotateKeys } = await import('../../app/keys.ts');
      const overlapMs = overlap === '0' ? 0 : parseDuration(overlap);
      const how = { role, overlapMs, remove: remove === true, ...(alg === undefined ? {} : { alg }) };
      cli.print(options, await rotateKeys(placeOf(cli, options), how), renderKeyList);
    });
  folderCommand(keys, 'revoke', 'revoke a key for good: nothing it signs from then on is believed')
    .argument('<keyid>', 'the key, or the first eight digits or more of it')
    .requiredOption('--at <time>', 'since when it may be in other hands: 2026-11-23T08:00:00Z')
    .requiredOption('--reason <text>', 'why; partners can read it')
    .action(
      async (keyid: string, options: FolderOptions & { readonly at: string; readonly reason: string }) => {
        const { revokeKeys } = await import('../../app/keys.ts');
        const how = { since: parseTime(options.at), why: options.reason };
        cli.print(options, await revokeKeys(placeOf(cli, options), keyid, how), renderKeyList);
      },
    );
}

function folderCommand(keys: Command, name: string, does: string): Command {
  return keys
    .command(name)
    .description(does)
    .option('--dir <dir>', 'the folder with the keys; without it, the one of `patchbay up`')
    .option('--lab <name>', 'the lab, when the folder does not say')
    .option('--json', 'print the result as JSON');
}

function placeOf(cli: Cli, { dir, lab }: FolderOptions): KeysAt {
  if (lab !== undefined && !isLabName(lab))
    throw new HarnessError('WRONG_USE', `${JSON.stringify(lab)} is no name of a lab`);
  return { dir: dir ?? home(cli), ...(lab === undefined ? {} : { lab }) };
}

function home(cli: Cli): string {
  return join(cli.config().home, 'keys');
}

function parseTime(text: string): number {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/u.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isNaN(ms))
    throw new HarnessError('WRONG_USE', `"${text}" is not a date and time with its offset`);
  return ms;
}

function renderKeyList({ lab, dir, keys }: Keys): string {
  const table = renderRows(
    ['key', 'use', 'state', 'private', 'from', 'to'],
    keys.map(({ keyid, uses, state, validFrom, validTo, ...key }) => [
      `${keyid.slice(0, 16)}…`,
      uses.join(' '),
      state,
      key.private,
      validFrom.slice(0, 16),
      validTo.slice(0, 16),
    ]),
  );
  return `${lab} in ${dir}\n${table}`;
}
