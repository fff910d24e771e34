import { chooseTransport, listTransports } from '../../runners/interfaces/sctp/choose.ts';
import { readTransportFacts } from '../../runners/interfaces/sctp/transport-facts.ts';

export interface SctpOutlook {
  readonly chosen: string;
  readonly why: string;
  readonly usable: readonly string[];
}

/** How this machine would carry SCTP, and why so. */
export function sctpOutlook(): SctpOutlook {
  const facts = readTransportFacts();
  const { name, why } = chooseTransport('auto', facts);
  const usable = listTransports(facts).filter((finding) => finding.usable);
  return { chosen: name, why, usable: usable.map((finding) => finding.name) };
}
