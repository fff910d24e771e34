import { randomInt } from 'node:crypto';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { GtpuEntity, type GtpuEntityOptions } from './entity.ts';

const ATTEMPTS = 32;

/**
 * An entity on an address of this machine that nobody else has: the port of GTP-U is always the same, so two of them on one
 * machine need two addresses, of which 127.0.0.0/8 has enough.
 * @throws HarnessError GTPU_PORT_TAKEN when none could be had
 */
export async function openOnLoopback(
  options: Omit<GtpuEntityOptions, 'host' | 'port'> = {},
): Promise<{ readonly entity: GtpuEntity; readonly host: string }> {
  for (let attempt = 1; ; attempt += 1) {
    const host = `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(1, 255)}`;
    try {
      return { entity: await GtpuEntity.open({ ...options, host }), host };
    } catch (error) {
      const isTaken = error instanceof HarnessError && error.code === 'GTPU_PORT_TAKEN';
      if (!isTaken || attempt === ATTEMPTS) throw error;
    }
  }
}
