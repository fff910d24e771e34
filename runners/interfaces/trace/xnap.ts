import { CODEC, XNAP_PORT, XNAP_PPID } from '../xnap/codec.ts';
import { schema } from '../xnap/gen/xnap-schema.js';
import { applicationProtocol } from './application-protocol.ts';

export const XNAP = applicationProtocol({
  name: 'XnAP',
  ppid: XNAP_PPID,
  port: XNAP_PORT,
  schema,
  codec: CODEC,
});
