import { isJsonObject, type Json } from '../kernel/json.ts';

/** Longest string and list kept at each try, from mild to rough. */
const TRIES = [
  { string: 16_384, list: 4096 },
  { string: 4096, list: 1024 },
  { string: 1024, list: 256 },
  { string: 128, list: 64 },
] as const;

/**
 * Data that takes at most `maxBytes` bytes as JSON in UTF-8: long strings and lists are cut, where they stand, with a
 * mark that says so, until it fits; when even that does not help, the beginning of its text is left.
 * Data that fits is given back as it is.
 */
export function capJson(data: Json, maxBytes: number): { readonly data: Json; readonly cut: boolean } {
  if (sizeOf(data) <= maxBytes) return { data, cut: false };
  for (const limits of TRIES) {
    const shorter = shorten(data, limits);
    if (sizeOf(shorter) <= maxBytes) return { data: shorter, cut: true };
  }
  return { data: { cut: JSON.stringify(data).slice(0, Math.floor(maxBytes / 8)) }, cut: true };
}

export function sizeOf(data: Json): number {
  return new TextEncoder().encode(JSON.stringify(data)).length;
}

function shorten(data: Json, limits: (typeof TRIES)[number]): Json {
  if (typeof data === 'string') return shortenText(data, limits.string);
  if (data === null || typeof data !== 'object') return data;
  if (isJsonObject(data))
    return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, shorten(value, limits)]));
  const kept = data.slice(0, limits.list).map((item) => shorten(item, limits));
  return kept.length === data.length ? kept : [...kept, `[cut: ${data.length - kept.length} entries more]`];
}

function shortenText(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max)}[cut: ${text.length - max} characters more]`;
}
