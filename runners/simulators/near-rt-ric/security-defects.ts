/** Defect modes of the TLS end point, the token check and the HTTP front, each with what it does wrong. */
export const SECURITY_DEFECTS = {
  // --- TLS
  'cbc-suites': 'also takes CBC suites on TLS 1.2',
  'tls10-enabled': 'also takes TLS 1.0 and 1.1',
  'no-tls13': 'speaks TLS 1.2 only',
  'no-tls12': 'speaks TLS 1.3 only',
  'weak-groups': 'prefers key exchanges on a curve of 192 bits',
  'cleartext-next-to-tls': 'serves the same API without TLS on another port',
  'no-client-certificate-asked': 'lets everybody in, with or without a certificate',
  'accepts-untrusted-client': 'asks for a client certificate and takes any, whoever issued it',
  // --- its own certificate
  'expired-certificate': 'shows a certificate that has expired',
  'long-lived-certificate': 'shows a certificate that is valid for two years',
  'no-key-usage': 'shows a certificate without keyUsage',
  'no-crl-dp': 'shows a certificate without a CRL distribution point',
  'no-san': 'shows a certificate without a subjectAltName',
  'foreign-chain': 'shows a certificate of an authority that is not the one it names',
  // --- certificates of clients
  'accepts-expired-client-certificate': 'takes client certificates that have expired',
  'accepts-client-without-eku': 'takes client certificates without extendedKeyUsage',
  'accepts-client-without-key-usage': 'takes client certificates without keyUsage',
  // --- tokens
  'issues-token-to-anybody': 'issues tokens without looking at the secret of the client',
  'no-token-check': 'answers requests without a token as if they had one',
  'accepts-alg-none': 'takes tokens without a signature',
  'accepts-expired-token': 'takes tokens that have expired',
  'ignores-audience': 'takes tokens that were issued for somebody else',
  'ignores-issuer': 'takes tokens of any issuer that uses the right key',
  'ignores-scope': 'lets a token for reading write',
  // --- input
  'crashes-on-oversize': 'crashes on a body that is too large',
  'accepts-oversize': 'takes bodies of any size',
  '500-on-bad-json': 'answers 500 to a body that is no JSON',
  'ignores-content-encoding': 'takes a body as it is, whatever its Content-Encoding says',
  'trace-method': 'answers TRACE by sending the request back',
} as const;

export type SecurityDefect = keyof typeof SECURITY_DEFECTS;

/** Typed look-up, so that a misspelt defect does not compile. */
export function defective({
  defects,
}: {
  readonly defects: readonly string[];
}): (name: SecurityDefect) => boolean {
  return (name) => defects.includes(name);
}
