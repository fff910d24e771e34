import type { Json } from '../kernel/json.ts';
import type { EquipmentId, OrganisationId, TestbedId } from './ids.ts';
import type { Role } from './plan.ts';

/** Public text that a document referred to by path and that travels with it from then on. */
export interface InlinedFile {
  readonly path: string;
  readonly text: string;
}

/** A secret stays where it is: the runner that needs it reads it, within the bounds its lab has set. */
export type SecretRef = { readonly file: string } | { readonly env: string };

export interface EndPoint {
  readonly url?: string;
  readonly basePath?: string;
  readonly host?: string;
  readonly port?: number;
  /** How SCTP is carried: `auto`, or a transport of the runner. */
  readonly transport?: string;
  readonly udpEncapsulation?: { readonly local?: number; readonly remote?: number };
  /** Ours: where the product finds the tester, or what it takes it to come from. */
  readonly tester?: { readonly host?: string; readonly port?: number };
  readonly [extra: string]: Json | undefined;
}

export interface TlsMaterial {
  /** PEM: what the tester trusts when it connects to the product. */
  readonly serverCa?: InlinedFile;
  readonly clientCertificate?: InlinedFile;
  readonly clientKey?: SecretRef;
}

export interface EquipmentInterface {
  readonly specification?: { readonly document: string; readonly version: string };
  readonly endpoint: EndPoint;
  readonly tls?: TlsMaterial;
}

export interface OauthClient {
  readonly id: string;
  readonly secret?: SecretRef;
  readonly scopes?: readonly string[];
}

export interface EquipmentAuth {
  readonly issuer?: string;
  readonly tokenUrl?: string;
  readonly audience?: string;
  readonly clients: Readonly<Record<string, OauthClient>>;
}

export interface SimulatorChoice {
  readonly name: string;
  readonly defects: readonly string[];
  /** Settings of that simulator, such as `{tls: false}`. */
  readonly settings?: Readonly<Record<string, Json>>;
}

/**
 * An item of equipment, resolved: relative paths are absolute, public files are inlined.
 * Either `interfaces` has end points, or `simulator` says which of our simulators stands for it.
 */
export interface Equipment {
  readonly id: EquipmentId;
  readonly organisation: OrganisationId;
  readonly role: Role;
  readonly product: { readonly name: string; readonly model?: string; readonly serial?: string };
  readonly versions: Readonly<Record<string, string>>;
  readonly digests: Readonly<Record<string, string>>;
  readonly interfaces: Readonly<Record<string, EquipmentInterface>>;
  /** What the vendor claims; decides applicability. Keys like `a1.policyTypes`. */
  readonly ics: Readonly<Record<string, Json>>;
  /** What a tester must know. Keys like `settleMs`, `a1.policies`. File references in it are `InlinedFile`. */
  readonly ixit: Readonly<Record<string, Json>>;
  readonly auth?: EquipmentAuth;
  readonly location?: { readonly testbed: TestbedId };
  readonly simulator?: SimulatorChoice;
  /** When and in what condition the lab got it; nothing, for what stays with its vendor. @see ISO/IEC 17025:2017, 7.8.2.1 g, h */
  readonly received?: { readonly at: string; readonly condition: string };
}
