import { GtpuEntity } from '../../interfaces/gtpu/entity.ts';
import { openOnLoopback } from '../../interfaces/gtpu/loopback.ts';

/** An entity at an address; where none is told, at one of 127.0.0.0/8 that is free. */
export async function openGtpu(
  host: string | null,
): Promise<{ readonly gtpu: GtpuEntity; readonly host: string }> {
  if (host !== null) return { gtpu: await GtpuEntity.open({ host }), host };
  const { entity, host: own } = await openOnLoopback();
  return { gtpu: entity, host: own };
}
