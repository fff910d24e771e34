const SECONDS: Readonly<Record<string, number>> = { v1s: 1, v2s: 2, v5s: 5, v10s: 10, v20s: 20, v60s: 60 };

/**
 * How long whoever was refused has to wait, in ms; 0 when it was not told, or in a way that came later.
 * @see Time To Wait: 3GPP TS 38.413 clause 9.3.1.56, O-RAN.WG3.E2AP clause 9.2.5
 */
export function timeToWaitMs(word: string | undefined): number {
  return (SECONDS[word ?? ''] ?? 0) * 1_000;
}
