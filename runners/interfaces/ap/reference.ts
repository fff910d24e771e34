type Elements = Readonly<Record<string, unknown>>;

/** By what an answer, and an ERROR INDICATION, is known to belong to a message. */
export interface Reference {
  /** Names of the elements that do that; an answer repeats those that it has a place for. */
  readonly elements: readonly string[];
  /**
   * The same in a request and its answer, and different in requests of a procedure that are open at once. The empty text where a
   * procedure can be open once only; `null` where what should tell is missing.
   */
  readonly keyOf: (ies: Elements) => string | null;
  /** What an ERROR INDICATION calls those elements, where it does not call them the same. */
  readonly inErrorIndication?: (ies: Elements) => Elements;
}

/** Those of the elements that are there. */
export function referenceIn({ elements }: Reference, ies: Elements): Elements {
  return Object.fromEntries(
    elements.flatMap((name) => (ies[name] === undefined ? [] : [[name, ies[name]] as const])),
  );
}

/** By the first element that is there. @param names with the letter that tells its kind from others */
export function keyByFirst(
  names: readonly (readonly [name: string, letter: string])[],
  none: string | null,
): Reference['keyOf'] {
  return (ies) => {
    for (const [name, letter] of names) if (ies[name] !== undefined) return `${letter}${ies[name] as number}`;
    return none;
  };
}
