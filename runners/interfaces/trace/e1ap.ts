import { CODEC, E1AP_PORT, E1AP_PPID } from '../e1ap/codec.ts';
import { schema } from '../e1ap/gen/e1ap-schema.js';
import { applicationProtocol } from './application-protocol.ts';

export const E1AP = applicationProtocol({
  name: 'E1AP',
  ppid: E1AP_PPID,
  port: E1AP_PORT,
  schema,
  codec: CODEC,
});
