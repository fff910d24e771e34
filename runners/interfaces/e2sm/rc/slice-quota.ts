import { unreadable } from '../exact.ts';
import { plmnOctets, plmnText } from '../../ap/values.ts';
import { sliceOf, snssaiOf } from '../identity.ts';
import type { SlicePolicy, SliceQuota } from './commands.ts';
import type { Parameter, ParameterReader, ParameterValue } from './parameters.ts';
import { SLICE_QUOTA_PARAMETERS as IDS } from './styles.ts';

type Member = SlicePolicy['members'][number];

export function writeSliceQuota({ policies }: SliceQuota): readonly Parameter[] {
  const list = policies.map((policy) => [
    { id: IDS.ratioGroup.id, value: { structure: writePolicy(policy) } },
  ]);
  return [{ id: IDS.ratioList.id, value: { list } }];
}

export function readSliceQuota(parameters: ParameterReader): SliceQuota {
  return {
    kind: 'sliceQuota',
    policies: parameters.list(IDS.ratioList.id, IDS.ratioGroup.id).map(readPolicy),
  };
}

function writePolicy({
  members,
  minPercent,
  maxPercent,
  dedicatedPercent,
}: SlicePolicy): readonly Parameter[] {
  const list = members.map((member) => [{ id: IDS.member.id, value: { structure: writeMember(member) } }]);
  return [
    { id: IDS.policy.id, value: { structure: [{ id: IDS.memberList.id, value: { list } }] } },
    { id: IDS.minRatio.id, value: { element: { valueInt: minPercent } } },
    { id: IDS.maxRatio.id, value: { element: { valueInt: maxPercent } } },
    { id: IDS.dedicatedRatio.id, value: { element: { valueInt: dedicatedPercent } } },
  ];
}

function writeMember({ plmn, slice }: Member): readonly Parameter[] {
  const { sST, sD } = snssaiOf(slice);
  const parts = [
    { id: IDS.sst.id, value: octets(sST) },
    ...(sD === undefined ? [] : [{ id: IDS.sd.id, value: octets(sD) }]),
  ];
  return [
    { id: IDS.plmn.id, value: octets(plmnOctets(plmn)) },
    { id: IDS.snssai.id, value: { structure: parts } },
  ];
}

function octets(valueOctS: Uint8Array): ParameterValue {
  return { element: { valueOctS } };
}

/** Ratios that are left out are those that limit nothing. */
function readPolicy(group: ParameterReader): SlicePolicy {
  const members = group.structure(IDS.policy.id).list(IDS.memberList.id, IDS.member.id);
  return {
    members: members.map(readMember),
    minPercent: percent(group, IDS.minRatio, 0),
    maxPercent: percent(group, IDS.maxRatio, 100),
    dedicatedPercent: percent(group, IDS.dedicatedRatio, 0),
  };
}

function readMember(member: ParameterReader): Member {
  const snssai = member.structure(IDS.snssai.id);
  const sST = snssai.octets(IDS.sst.id, 1);
  const sd = snssai.has(IDS.sd.id) ? { sD: snssai.octets(IDS.sd.id, 3) } : {};
  return { plmn: plmnText(member.octets(IDS.plmn.id, 3)), slice: sliceOf({ sST, ...sd }) };
}

function percent(
  group: ParameterReader,
  { id, name }: { id: number; name: string },
  otherwise: number,
): number {
  const value = group.optionalInteger(id) ?? otherwise;
  if (value < 0 || value > 100) throw unreadable(`RAN parameter ${String(id)}`, `${name} is not 0 to 100`);
  return value;
}
