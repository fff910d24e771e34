import type { Equipment } from '../../src/domain/equipment.ts';
import type { EquipmentId, OrganisationId, TestbedId } from '../../src/domain/ids.ts';
import type { Testbed } from '../../src/domain/testbed.ts';

export const LAB = 'lab-north' as OrganisationId;
export const BED = 'lab-north/north-1' as TestbedId;

export function aTestbed(changes: Partial<Testbed> = {}): Testbed {
  return {
    id: BED,
    organisation: LAB,
    slots: 1,
    capabilities: [],
    instruments: [],
    setUp: { minutesPerChangedRole: {} },
    ...changes,
  };
}

export function anEquipment(id = 'acme/ric-1', changes: Partial<Equipment> = {}): Equipment {
  return {
    id: id as EquipmentId,
    organisation: id.split('/')[0] as OrganisationId,
    role: 'near-rt-ric',
    product: { name: 'RIC' },
    versions: { software: '1.0' },
    digests: {},
    interfaces: {},
    ics: {},
    ixit: {},
    ...changes,
  };
}
