import { plain } from './exact.ts';
import type { E2sm_Common$FunctionName } from './gen/common.js';

/** What a RAN function calls itself. @see O-RAN.WG3.E2SM clause 6.2.2.1 */
export interface FunctionName {
  readonly shortName: string;
  /** Of the service model, in numbers and dots. */
  readonly oid: string;
  readonly description: string;
  readonly instance?: number;
}

export function readFunctionName(from: E2sm_Common$FunctionName): FunctionName {
  const instance = from['ranFunction-Instance'];
  return {
    shortName: from['ranFunction-ShortName'],
    oid: from['ranFunction-E2SM-OID'],
    description: from['ranFunction-Description'],
    ...(instance === undefined ? {} : { instance: plain(instance, 'ranFunction-Instance') }),
  };
}

export function writeFunctionName({
  shortName,
  oid,
  description,
  instance,
}: FunctionName): E2sm_Common$FunctionName {
  return {
    'ranFunction-ShortName': shortName,
    'ranFunction-E2SM-OID': oid,
    'ranFunction-Description': description,
    ...(instance === undefined ? {} : { 'ranFunction-Instance': instance }),
  };
}
