import type { ApProtocol } from '../../interfaces/ap/protocol.ts';
import type { ApShape } from '../../interfaces/ap/types.ts';
import type { Schema } from '../../interfaces/per/schema.ts';

/** An interface of the RAN on which an application protocol is spoken over SCTP. */
export interface ApInterface<S extends ApShape> {
  /** As equipment files and the evidence call it: `e2`, `ng`, `f1`, `e1`, `xn`. */
  readonly name: string;
  readonly protocol: ApProtocol<S>;
  readonly schema: Schema;
  /** SCTP port on which it is listened for. */
  readonly usualPort: number;
}
