import { HarnessError } from '../../../src/kernel/errors.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { DEFAULT_BASE_PATH } from '../../interfaces/a1/types.ts';
import type { GateConfig } from './gate.ts';
import type { ListenerConfig } from './listener.ts';

/** What the process is started with: a JSON file of this shape. */
export interface RicConfig extends ListenerConfig, GateConfig {
  readonly basePath: string;
  /** How long the defect `slow` waits, in ms. */
  readonly slowMs: number;
}

/** What may stand under `simulator.settings` of an equipment file. */
export interface RicSettings {
  /** HTTPS instead of HTTP. Default false. */
  readonly tls: boolean;
  /** With `tls`: demand a client certificate. Default false. */
  readonly mutualTls: boolean;
  /** Demand bearer tokens of an issuer of its own. Default false. */
  readonly oauth: boolean;
  readonly basePath: string;
  readonly slowMs: number;
}

export function readSettings(settings: Readonly<Record<string, Json>>): RicSettings {
  const {
    tls = false,
    mutualTls = false,
    oauth = false,
    basePath = DEFAULT_BASE_PATH,
    slowMs = 3000,
  } = settings;
  if (typeof tls !== 'boolean') throw wrong('tls', 'true or false');
  if (typeof mutualTls !== 'boolean') throw wrong('mutualTls', 'true or false');
  if (typeof oauth !== 'boolean') throw wrong('oauth', 'true or false');
  if (typeof basePath !== 'string' || !basePath.startsWith('/')) throw wrong('basePath', 'a path');
  if (typeof slowMs !== 'number' || !(slowMs >= 0 && slowMs <= 600_000)) throw wrong('slowMs', '0 to 600000');
  return { tls, mutualTls, oauth, basePath, slowMs };
}

function wrong(name: string, wanted: string): HarnessError {
  return new HarnessError('INPUT_INVALID', `setting ${name} of the near-RT RIC simulator must be ${wanted}`);
}
