import { XNAP_PORT, PROTOCOL } from '../../../interfaces/xnap/codec.ts';
import { schema } from '../../../interfaces/xnap/gen/xnap-schema.js';
import type { XnapShape } from '../../../interfaces/xnap/types.ts';
import type { ApInterface } from '../ap-interface.ts';

export const XN: ApInterface<XnapShape> = { name: 'xn', protocol: PROTOCOL, schema, usualPort: XNAP_PORT };
