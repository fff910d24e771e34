import type { EvidenceItem } from '../domain/case-record.ts';

/** Every item once, ordered by role and digest: two runs with the same evidence have the same manifest. */
export function manifestOf(items: readonly EvidenceItem[]): readonly EvidenceItem[] {
  const unique = new Map(items.map((item) => [`${item.role} ${item.digest}`, item]));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
