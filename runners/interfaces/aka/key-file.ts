const HEX = /^(?:[0-9a-f]{2})+$/iu;

/** `null` of what is no object of JSON. */
export function jsonIn(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export function octetsIn(value: unknown): Uint8Array | null {
  return typeof value === 'string' && HEX.test(value) ? Uint8Array.from(Buffer.from(value, 'hex')) : null;
}
