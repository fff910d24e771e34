import { NGAP_PORT, PROTOCOL } from '../../../interfaces/ngap/codec.ts';
import { schema } from '../../../interfaces/ngap/gen/ngap-schema.js';
import type { NgapShape } from '../../../interfaces/ngap/types.ts';
import type { ApInterface } from '../ap-interface.ts';

export const NG: ApInterface<NgapShape> = { name: 'ng', protocol: PROTOCOL, schema, usualPort: NGAP_PORT };
