/** What a bearer token may do, inside what its organisation may see. `admin` may do everything. */
export const SCOPES = [
  'read',
  'campaign:write',
  'equipment:write',
  'testbed:write',
  'report:write',
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}
