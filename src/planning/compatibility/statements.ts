import type { E2Statement, E2Topic } from '../../domain/e2-statement.ts';
import type { EndPoint, Equipment } from '../../domain/equipment.ts';
import { isJsonObject, type Json } from '../../kernel/json.ts';

/** From this major version of KPM on, a time stamp has eight octets; before, it had four. */
const KPM_WITH_LONG_TIME_STAMP = 3;

/** What the document of an item of equipment says of its E2 interface: ICS, IXIT, specification, end point. */
export function statementsOf({ ics, ixit, interfaces }: Equipment): readonly E2Statement[] {
  const e2 = Object.hasOwn(interfaces, 'e2') ? interfaces['e2'] : undefined;
  const { document = '', version = '' } = e2?.specification ?? {};
  return [
    ...said('e2ap', 'ICS e2.e2ap', majors(ics['e2.e2ap'])),
    ...said('e2ap', 'specification of e2', /E2AP/u.test(document) ? majors(version) : []),
    ...modelClaims('kpm', ics),
    ...modelClaims('rc', ics),
    ...kpmTimeStamps(ics),
    ...said('carriage', 'ICS e2.carriage', texts(ics['e2.carriage'])),
    ...(e2 === undefined ? [] : carriageOf(e2.endpoint)),
    ...said('plmn', 'IXIT plmn', texts(ixit['plmn'])),
    ...said('nodeIdBits', 'ICS e2.nodeIdBits', numbers(ics['e2.nodeIdBits'])),
  ];
}

type Ics = Equipment['ics'];

function modelClaims(name: 'kpm' | 'rc', ics: Ics): readonly E2Statement[] {
  const claim = ics[`e2.${name}`];
  const oids = texts(ics[`e2.${name}.oid`]).map((oid) => `${name} ${oid}`);
  return [
    ...(claim === undefined || claim === false || claim === null
      ? []
      : said('model', `ICS e2.${name}`, [name])),
    ...said(`${name}.version`, `ICS e2.${name}`, majors(claim)),
    ...said(`${name}.styles`, `ICS e2.${name}.styles`, numbers(ics[`e2.${name}.styles`])),
    ...said('model.oid', `ICS e2.${name}.oid`, oids),
  ];
}

/** Told by itself, or by the version. */
function kpmTimeStamps(ics: Ics): readonly E2Statement[] {
  const told = numbers(ics['e2.kpm.timeStampOctets']);
  if (told.length > 0) return said('kpm.timeStampOctets', 'ICS e2.kpm.timeStampOctets', told);
  const octets = majors(ics['e2.kpm']).map((major) => (major < KPM_WITH_LONG_TIME_STAMP ? 4 : 8));
  return said('kpm.timeStampOctets', 'ICS e2.kpm', [...new Set(octets)]);
}

function carriageOf({ transport = 'auto', udpEncapsulation }: EndPoint): readonly E2Statement[] {
  const where = 'end point of e2';
  if (isJsonObject(udpEncapsulation))
    return [
      ...said('carriage', where, ['udp']),
      ...said('udp.local', where, numbers(udpEncapsulation['local'])),
      ...said('udp.remote', where, numbers(udpEncapsulation['remote'])),
    ];
  return transport === 'auto' ? [] : said('carriage', where, [/udp/u.test(transport) ? 'udp' : 'ip']);
}

function said(topic: E2Topic, source: string, values: readonly (string | number)[]): readonly E2Statement[] {
  return values.map((value) => ({ topic, value, source, captured: false }));
}

function listed(claim: Json | undefined): readonly Json[] {
  if (claim === undefined) return [];
  return isList(claim) ? claim : [claim];
}

function isList(claim: Json): claim is readonly Json[] {
  return Array.isArray(claim);
}

function texts(claim: Json | undefined): readonly string[] {
  return listed(claim).filter((each) => typeof each === 'string');
}

function numbers(claim: Json | undefined): readonly number[] {
  return listed(claim).filter((each) => typeof each === 'number');
}

/** `v3.00`, `V02.03`, `3`: the number before the point. What is no version says nothing. */
export function majors(claim: Json | undefined): readonly number[] {
  const found = listed(claim).flatMap((each) => {
    const text = typeof each === 'string' || typeof each === 'number' ? String(each) : '';
    const major = /^v?0*(\d{1,3})(?:\.|$)/iu.exec(text)?.[1];
    return major === undefined ? [] : [Number(major)];
  });
  return [...new Set(found)];
}
