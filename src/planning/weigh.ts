import type { Equipment } from '../domain/equipment.ts';
import { reason, type Reason } from '../kernel/errors.ts';
import type { Sut } from './combine.ts';
import { compareOnE2, type Incompatibility } from './compatibility/compare.ts';

/** A product with what is claimed for it. */
export type ClaimsOf = (equipment: Equipment) => Equipment;

/** Leaves out products that cannot work together, so that nothing is booked for them; what else stands between them is told. */
export function weigh(
  suts: readonly Sut[],
  claimsOf: ClaimsOf,
): { readonly fits: readonly Sut[]; readonly found: readonly Reason[] } {
  const weighed = suts.map((sut) => ({ sut, findings: findingsOf(sut.subjects, claimsOf) }));
  const fits = weighed.filter(({ findings }) => findings.every(({ severity }) => severity === 'warn'));
  const found = weighed.flatMap(({ sut, findings }) =>
    findings.map(({ code, severity, why, ric, node }) => {
      const names = sut.subjects.map(({ id }) => id).join(' + ');
      const left = severity === 'refuse' ? ', so it is left out' : '';
      return reason(code, `${sut.plan.id} on ${names}${left}: ${why}; RIC: ${ric}; node: ${node}`);
    }),
  );
  return { fits: fits.map(({ sut }) => sut), found };
}

/** What stands between each two of the products that a plan brings together. */
export function findingsOf(subjects: readonly Equipment[], claimsOf: ClaimsOf): readonly Incompatibility[] {
  const sides = subjects.map((subject) => ({ equipment: claimsOf(subject) }));
  return sides.flatMap((one, index) =>
    sides.slice(index + 1).flatMap((other) => compareOnE2(one, other) ?? []),
  );
}
