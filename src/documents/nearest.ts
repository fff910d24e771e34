/**
 * The known name that is closest to a wrong one, when it is close enough to be what was meant:
 * at most a third of its letters differ (Levenshtein distance; a difference of case counts a half).
 */
export function nearestName(wrong: string, known: readonly string[]): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of known) {
    if (Math.abs(name.length - wrong.length) > name.length / 3 + 1) continue;
    const distance = distanceBetween(wrong, name);
    if (distance <= Math.ceil(name.length / 3) && distance < (best?.distance ?? Infinity))
      best = { name, distance };
  }
  return best?.name;
}

/** `, did you mean "x"?`, or nothing. */
export function suggestion(wrong: string, known: readonly string[]): string {
  const name = nearestName(wrong, known);
  return name === undefined ? '' : `, did you mean "${name}"?`;
}

function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + costOf(a.charAt(i - 1), b.charAt(j - 1));
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function costOf(a: string, b: string): number {
  if (a === b) return 0;
  return a.toLowerCase() === b.toLowerCase() ? 0.5 : 1;
}
