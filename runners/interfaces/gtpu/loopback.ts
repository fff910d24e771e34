import { HarnessError } from '../../../src/kernel/errors.ts';
import { onOwnLoopback } from '../udp/own-loopback.ts';
import { GtpuEntity, type GtpuEntityOptions } from './entity.ts';

/**
 * An entity on an address of this machine that nobody else has.
 * @throws HarnessError GTPU_PORT_TAKEN when none could be had
 */
export async function openOnLoopback(
  options: Omit<GtpuEntityOptions, 'host' | 'port'> = {},
): Promise<{ readonly entity: GtpuEntity; readonly host: string }> {
  return onOwnLoopback(
    async (host) => ({ entity: await GtpuEntity.open({ ...options, host }), host }),
    (error) => error instanceof HarnessError && error.code === 'GTPU_PORT_TAKEN',
  );
}
