import { HarnessError } from '../../../src/kernel/errors.ts';
import { GtpuEntity, type GtpuEntityOptions } from '../../interfaces/gtpu/entity.ts';

const TRIES = 20;

/**
 * GTP-U has one port; so that several entities can be on one machine, each that is not told its address takes one of 127.0.0.0/8 that is free.
 */
export async function openGtpu(
  host: string | null,
  options: Omit<GtpuEntityOptions, 'host' | 'port'> = {},
): Promise<{ readonly gtpu: GtpuEntity; readonly host: string }> {
  if (host !== null) return { gtpu: await GtpuEntity.open({ host, ...options }), host };
  for (let attempt = 1; ; attempt += 1) {
    const own = `127.${20 + random(200)}.${random(256)}.${1 + random(254)}`;
    try {
      return { gtpu: await GtpuEntity.open({ host: own, ...options }), host: own };
    } catch (error) {
      if (attempt === TRIES || HarnessError.from(error).code !== 'GTPU_PORT_TAKEN') throw error;
    }
  }
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}
