import type { Equipment } from '../../../src/domain/equipment.ts';
import type { E2apShape } from '../../interfaces/e2/types.ts';
import { type ApDoor, type DoorBehaviour, openApDoor } from '../ap/door.ts';
import { E2 } from '../ap/interfaces/e2.ts';
import type { Bench } from '../procedure.ts';

/** Where the tester, as near-RT RIC, waits for the product. */
export type Door = ApDoor<E2apShape>;

/** @throws Blocked when the equipment file does not say enough, or this runner cannot listen in that way */
export function openDoor(
  bench: Bench,
  product: Equipment,
  behaviour: Omit<DoorBehaviour<E2apShape>, 'tester'>,
): Promise<Door> {
  return openApDoor(E2, { bench, product }, { ...behaviour, tester: 'near-rt-ric' });
}
