import { captureHead, capturedPacket } from '../../../runners/interfaces/capture/write-capture.ts';
import { CaptureJudge, type JudgedCapture } from '../../../runners/interfaces/trace/capture-judge.ts';
import type { Program } from '../../../src/judge/program.ts';
import type { ApRules } from '../../../runners/interfaces/ap/rules.ts';
import type { Octets } from '../signalling/octets.ts';
import { type ProtocolName, type Said as Elements, SPOKEN } from '../signalling/octets.ts';
import { type Passed, Wire } from '../signalling/wire.ts';
import type { Said } from './catalogue.ts';

const BEGAN_NS = BigInt(Date.UTC(2026, 0, 1)) * 1_000_000n;
const UE_STREAM = 1;

/** A message that no property but that of the set-up names, or one that nothing follows from here. */
const LATER: Readonly<Record<ProtocolName, string>> = {
  NGAP: 'Paging',
  F1AP: 'Paging',
  E1AP: 'GNB-CU-UP-StatusIndication',
  XnAP: 'RANPaging',
  E2AP: 'RICserviceQuery',
};

/** The octets that a made-up talk has on the wire, as an association of its own. */
export function spokenOnWire(
  protocol: ProtocolName,
  talk: readonly Said[],
  { number, octets }: { readonly number: number; readonly octets: Octets },
): readonly Passed[] {
  const wire = new Wire(protocol, number);
  let atMs = number;
  const passed = [...wire.open(atMs)];
  for (const { by, name: called, values = {}, afterMs = 10 } of talk) {
    atMs += afterMs;
    const name = called === 'Later' ? LATER[protocol] : called;
    const said = elementsOf(SPOKEN[protocol].rules, name, values);
    passed.push(...wire.message(atMs, by, { stream: UE_STREAM, bytes: octets.of(protocol, name, said) }));
  }
  return passed;
}

/** What a talk says of a message: every identifier is 1 that it does not say. */
function elementsOf(
  rules: ApRules,
  name: string,
  values: Readonly<Record<string, string | number>>,
): Elements {
  const asked = rules.message(name).elements.flatMap(({ name: element, presence }) => {
    const value = values[element] ?? (presence === 'mandatory' ? idOf(element, values['*'] ?? 1) : undefined);
    return value === undefined ? [] : [[element, value] as const];
  });
  return Object.fromEntries(asked);
}

function idOf(element: string, id: string | number): unknown {
  if (element === 'RICrequestID') return { ricRequestorID: id, ricInstanceID: id };
  if (element === 'UE-NGAP-IDs') return { 'uE-NGAP-ID-pair': { 'aMF-UE-NGAP-ID': id, 'rAN-UE-NGAP-ID': id } };
  const isId = /^(TransactionID|AMF-UE-NGAP-ID|RAN-UE-NGAP-ID|gNB-.*-UE-.*AP-ID|.*NG-RANnodeUEXnAPID)$/u;
  return isId.test(element) ? id : undefined;
}

/** A capture of packets, in the order in which they passed. */
export function captureFile(packets: readonly Passed[]): Uint8Array {
  const sorted = [...packets].sort((a, b) => a.atMs - b.atMs);
  return fileOf(sorted);
}

/** The same in the order in which they are given. */
export function fileOf(packets: readonly Passed[]): Uint8Array {
  const records = packets.map(({ atMs, bytes }) =>
    capturedPacket(bytes, BEGAN_NS + BigInt(Math.round(atMs * 1e6))),
  );
  return Buffer.concat([captureHead([{ name: 'lab' }]), ...records]);
}

/** What a capture shows, read in pieces. */
export function judgedFile(
  file: Uint8Array,
  programs: readonly Program[],
  { piece = 65_536, isComplete = false } = {},
): JudgedCapture {
  const judge = new CaptureJudge({ programs, isComplete });
  for (let at = 0; at < file.length; at += piece) judge.push(file.slice(at, at + piece));
  return judge.end();
}

/** Every violation, by the association in which it is. */
export function violationsIn({ findings }: JudgedCapture): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  for (const { property, violations } of findings)
    for (const { association } of violations)
      found.set(association, [...new Set([...(found.get(association) ?? []), property.id])]);
  return found;
}
