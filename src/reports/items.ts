import type { Equipment } from '../domain/equipment.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { asJson, withoutAbsent } from './json.ts';

/** What the vendor told us of its product, and nobody here has measured. @see ISO/IEC 17025:2017, 7.8.2.2 */
const SUPPLIED_BY_CUSTOMER = ['product', 'versions', 'digests', 'interfaces', 'ics', 'ixit'] as const;

/**
 * What was tested, in a form whose digest is public. The nonce keeps a reader from finding the product by trying digests.
 * @param nonce 128 random bits, base64url
 */
export function itemManifest(equipment: Equipment, nonce: string): JsonObject {
  const { product, versions, simulator, received } = equipment;
  return {
    v: 1,
    nonce,
    items: [
      withoutAbsent({
        role: equipment.role,
        id: equipment.id,
        manufacturer: equipment.organisation,
        product: product.name,
        model: product.model,
        serial: product.serial,
        versions: asJson(versions),
        digests: asJson(equipment.digests),
        interfaces: interfacesOf(equipment),
        ics: asJson(equipment.ics),
        ixit: Object.keys(equipment.ixit).sort(),
        simulator: simulator === undefined ? undefined : asJson(simulator),
        location: equipment.location?.testbed ?? null,
        receivedAt: received?.at ?? null,
        condition: received?.condition ?? null,
        providedBy: equipment.organisation,
        suppliedByCustomer: suppliedBy(equipment),
        notStated: notStated({ receivedAt: received?.at, condition: received?.condition }),
      }),
    ],
  };
}

/** Names of what a report should say and nobody has told. */
export function notStated(members: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(members).filter((name) => members[name] === undefined);
}

function interfacesOf({ interfaces }: Equipment): Json {
  return Object.entries(interfaces).map(([name, { specification }]) =>
    withoutAbsent({
      name,
      specification: specification === undefined ? undefined : { ...specification },
    }),
  );
}

/** Of a simulator of ours, nothing comes from a customer. */
function suppliedBy({ simulator }: Equipment): readonly string[] {
  return simulator === undefined ? SUPPLIED_BY_CUSTOMER : [];
}
