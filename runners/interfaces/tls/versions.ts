/** Protocol versions from oldest to newest, with their code on the wire. */
export const VERSION_CODES = {
  SSLv3: 0x0300,
  'TLSv1.0': 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
  'TLSv1.3': 0x0304,
} as const;
export type TlsVersion = keyof typeof VERSION_CODES;
export const TLS_VERSIONS = Object.keys(VERSION_CODES) as readonly TlsVersion[];
/** What 3GPP TS 33.210 clause 6.2.1 forbids. */
export const OLD_VERSIONS = ['SSLv3', 'TLSv1.0', 'TLSv1.1'] as const satisfies readonly TlsVersion[];

export function versionName(code: number): string {
  return (
    TLS_VERSIONS.find((name) => VERSION_CODES[name] === code) ?? `0x${code.toString(16).padStart(4, '0')}`
  );
}
