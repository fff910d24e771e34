import { CODEC, NGAP_PORT, NGAP_PPID } from '../ngap/codec.ts';
import { schema } from '../ngap/gen/ngap-schema.js';
import { applicationProtocol } from './application-protocol.ts';

export const NGAP = applicationProtocol({
  name: 'NGAP',
  ppid: NGAP_PPID,
  port: NGAP_PORT,
  schema,
  codec: CODEC,
});
