/** What is replaced in running text: `value` is the sensitive part of the match, the rest stays. */
export interface SensitivePattern {
  readonly kind: string;
  readonly pattern: RegExp;
}

const BARE = String.raw`(?!\[redacted )[^\s"'&;,<>\\]+`;

/** Members whose whole value is secret, whatever the spelling: compared in lower case without `_` and `-`. */
export const SECRET_MEMBERS: ReadonlyMap<string, string> = new Map([
  ...['accesstoken', 'refreshtoken', 'idtoken', 'clientassertion', 'token'].map((n) => [n, 'token'] as const),
  ...['clientsecret', 'secret', 'apikey', 'xapikey', 'privatekey'].map((n) => [n, 'secret'] as const),
  ...['password', 'passwd', 'passphrase'].map((n) => [n, 'password'] as const),
  ...['authorization', 'proxyauthorization'].map((n) => [n, 'authorization'] as const),
  ...['cookie', 'setcookie'].map((n) => [n, 'cookie'] as const),
  ...['supi', 'imsi', 'suci'].map((n) => [n, 'supi'] as const),
  ...['msisdn', 'gpsi'].map((n) => [n, 'msisdn'] as const),
  ...['imei', 'imeisv', 'pei'].map((n) => [n, 'imei'] as const),
]);

/** Members that may hold a subscriber identity and may hold something harmless: 14 to 16 digits tell. */
export const IDENTITY_MEMBERS: ReadonlySet<string> = new Set(['ueid', 'ueids', 'subscriberid', 'userid']);
export const BARE_IDENTITY = /^\d{14,16}$/u;

const memberNames = [
  'access[_-]?token|refresh[_-]?token|id[_-]?token|client[_-]?assertion|client[_-]?secret|api[_-]?key',
  'private[_-]?key|password|passwd|passphrase|supi|imsi|suci|msisdn|gpsi|imei|imeisv|pei',
  'secret|token|(?:proxy-)?authorization|(?:set-)?cookie',
].join('|');

/** `"name": "value"` or `"name": 123` inside text that is JSON, also when its quotes are escaped. */
export const MEMBER_IN_TEXT = new RegExp(
  String.raw`(?<head>(?<q>\\{0,8}["'])(?<name>${memberNames}|ue[_-]?ids?|subscriber[_-]?id|user[_-]?id)\k<q>\s{0,16}:\s{0,16})` +
    String.raw`(?:\k<q>(?<value>(?:(?!\k<q>|[\r\n]).)*)\k<q>|(?<number>-?\d[\d.eE+-]*))`,
  'giu',
);

/** Everything below and above needs one of these: most strings have none, and are done with one look. */
export const MAY_BE_SENSITIVE = /[:="'.-]|bearer/iu;

export const SENSITIVE_TEXT: readonly SensitivePattern[] = [
  {
    kind: 'private-key',
    pattern:
      /(?<value>-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,32}PRIVATE KEY-----|$))/gu,
  },
  {
    kind: 'authorization',
    pattern:
      /(?<head>(?<![\w-])(?:proxy-)?authorization:[ \t]{0,8}(?:(?:bearer|basic|digest|dpop|negotiate)[ \t]{1,8})?)(?<value>(?:(?!\\{1,8}[rn])[^\r\n])+)/giu,
  },
  {
    kind: 'cookie',
    pattern: /(?<head>(?<![\w-])(?:set-)?cookie:[ \t]{0,8})(?<value>(?:(?!\\{1,8}[rn])[^\r\n])+)/giu,
  },
  {
    kind: 'token',
    pattern:
      /(?<head>(?<![\w-])bearer[ \t]{1,8})(?![a-z_]+[ \t]{0,8}=[ \t]{0,8}\\{0,8}["'])(?<value>[\w.~+/=-]{6,})/giu,
  },
  { kind: 'token', pattern: /(?<![\w-])(?<value>eyJ[\w-]{5,}\.[\w-]+\.[\w-]*)/gu },
  {
    kind: 'secret',
    pattern: new RegExp(
      String.raw`(?<head>(?<![\w-])(?:access_token|refresh_token|id_token|client_secret|client_assertion|password|passwd|passphrase|api_key)=)(?<value>${BARE})`,
      'giu',
    ),
  },
  { kind: 'supi', pattern: /(?<head>(?<![A-Za-z0-9])imsi-)(?<value>\d{5,16})(?!\d)/giu },
  { kind: 'supi', pattern: /(?<head>(?<![A-Za-z0-9])suci-)(?<value>\d[\w-]{5,200})/giu },
  {
    kind: 'supi',
    pattern: /(?<head>(?<![A-Za-z0-9])(?:nai|gci|gli)-)(?<value>[\w.+-]{1,128}@[\w.-]{1,128})/giu,
  },
  {
    kind: 'supi',
    pattern:
      /(?<head>(?<![A-Za-z0-9])(?:imsi|supi)["']?[ \t]{0,4}[:=][ \t]{0,4}["']?)(?<value>\d{14,16})(?!\d)/giu,
  },
  { kind: 'msisdn', pattern: /(?<head>(?<![A-Za-z0-9])msisdn-)(?<value>\d{5,15})(?!\d)/giu },
  { kind: 'imei', pattern: /(?<head>(?<![A-Za-z0-9])imei(?:sv)?-)(?<value>\d{14,16})(?!\d)/giu },
];

/** How a name is looked up in the tables above. */
export function memberKey(name: string): string {
  return name.toLowerCase().replace(/[_-]/gu, '');
}
