import type { Simulator, RunningSimulator } from '../../runners/simulators/simulator.ts';
import type { Equipment } from '../../src/domain/equipment.ts';
import type { EquipmentId, OrganisationId } from '../../src/domain/ids.ts';

/** A valid item of equipment; give what matters. */
export function anEquipment(changes: Partial<Equipment> = {}): Equipment {
  return {
    id: 'acme/ric-1' as EquipmentId,
    organisation: 'acme' as OrganisationId,
    role: 'near-rt-ric',
    product: { name: 'Acme RIC' },
    versions: {},
    digests: {},
    interfaces: {},
    ics: {},
    ixit: {},
    ...changes,
  };
}

/** The equipment that a running simulator stands for. */
export function equipmentOf(simulator: Simulator, running: RunningSimulator): Equipment {
  return anEquipment({
    id: `sim/${simulator.name}` as EquipmentId,
    role: simulator.role,
    interfaces: running.interfaces,
    ics: simulator.ics,
    ixit: running.ixit,
  });
}
