import { CODEC, NGAP_PORT, NGAP_PPID } from '../ngap/codec.ts';
import { schema } from '../ngap/gen/ngap-schema.js';
import { applicationProtocol } from './application-protocol.ts';
import { nasTree } from './nas.ts';

export const NGAP = applicationProtocol({
  name: 'NGAP',
  ppid: NGAP_PPID,
  port: NGAP_PORT,
  schema,
  codec: CODEC,
  contents: (at, octets, said) => (isNas(at) ? nasTree(octets, said) : null),
});

/** An element of that name, or a component of an item. */
function isNas(at: readonly string[]): boolean {
  return at.at(-2) === 'NAS-PDU' || /nas-pdu$/iu.test(at.at(-1) ?? '');
}
