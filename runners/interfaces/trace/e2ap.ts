import type { SeenMessage } from '../../../src/domain/trace-message.ts';
import { decodePdu, type DecodedPdu, PDU_TYPE, skimPdu } from '../e2/codec.ts';
import { schema } from '../e2/gen/e2ap-schema.js';
import { unwrapItems } from '../e2/messages.ts';
import { E2_PORT } from '../e2/port.ts';
import type { AnyMessage } from '../e2/types.ts';
import { PerError } from '../per/error.ts';
import { renderTree, type TreeNode } from '../per/render.ts';
import { type ModelPart, kpmModel, serviceModel, type ServiceModel } from '../e2sm/service-models.ts';
import { faultText, headOf } from './application-protocol.ts';
import { ContentReader } from './content.ts';
import type { Protocol, ProtocolReader, ReadMessage } from './protocol.ts';

/** @see IANA, SCTP payload protocol identifiers and ports: E2 has three of each, for its planes */
export const E2AP: Protocol = {
  name: 'E2AP',
  ppids: [70, 71, 72],
  ports: [E2_PORT],
  open: () => new E2apReader(),
  look: new ContentReader({ decodePdu, skimPdu }).look,
};

/** Where octets of a service model stand: names of components and of information elements. */
const PLACES: ReadonlyMap<string, ModelPart> = new Map([
  ['ranFunctionDefinition', 'definition'],
  ['ricEventTriggerDefinition', 'eventTrigger'],
  ['ricActionDefinition', 'actionDefinition'],
  ['RICindicationHeader', 'indicationHeader'],
  ['RICindicationMessage', 'indicationMessage'],
  ['RICcallProcessID', 'callProcess'],
  ['RICcontrolHeader', 'controlHeader'],
  ['RICcontrolMessage', 'controlMessage'],
  ['RICcontrolOutcome', 'controlOutcome'],
]);

/** Knows which service model a RAN function speaks, once the E2 node has said so. */
class E2apReader implements ProtocolReader {
  readonly #models = new Map<number, ServiceModel>();

  read(bytes: Uint8Array): ReadMessage {
    const decoded = decodePdu(bytes);
    const { pdu, message } = decoded;
    const { faults, ...head } = headOf(decoded);
    const said = [...faults];
    const definitions = message === null ? new Map<Uint8Array, ServiceModel>() : this.#learn(message);
    const spoken = message === null ? undefined : this.#models.get(functionOf(message));
    const contents = (at: readonly string[], octets: Uint8Array): TreeNode | null => {
      const part = PLACES.get(at.at(-1) ?? '') ?? PLACES.get(at.at(-2) ?? '');
      const model = part === 'definition' ? definitions.get(octets) : spoken;
      return part === undefined || model === undefined ? null : renderPart(octets, { model, part, said });
    };
    const tree = pdu === null ? null : renderTree({ schema, type: PDU_TYPE }, pdu, { contents });
    return { ...head, faults: said, tree };
  }

  /** What the functions in a message speak, by their definitions. */
  #learn(message: AnyMessage): Map<Uint8Array, ServiceModel> {
    const lists = [
      'RANfunctionsAdded' in message.ies ? message.ies.RANfunctionsAdded : undefined,
      'RANfunctionsModified' in message.ies ? message.ies.RANfunctionsModified : undefined,
    ];
    const items = lists.flatMap((list) => unwrapItems('RANfunction-Item', list));
    return new Map(
      items.map(({ ranFunctionID, ranFunctionOID, ranFunctionDefinition }) => {
        const model = serviceModel(ranFunctionOID);
        this.#models.set(ranFunctionID, model);
        return [ranFunctionDefinition, model];
      }),
    );
  }
}

function functionOf({ ies }: AnyMessage): number {
  return 'RANfunctionID' in ies && typeof ies.RANfunctionID === 'number' ? ies.RANfunctionID : -1;
}

interface Part {
  readonly model: ServiceModel;
  readonly part: ModelPart;
  /** Gets what is wrong. */
  readonly said: string[];
}

/** What a part of a service model says; `null` where it is not known how to read it. */
function renderPart(octets: Uint8Array, { model, part, said }: Part): TreeNode | null {
  const codec = inVersion(octets, model, part).parts[part];
  if (codec === undefined) return null;
  try {
    const { value, faults } = codec.look(octets);
    said.push(...faults.map((fault) => `${model.name} ${part}: ${faultText(fault)}`));
    return renderTree(codec.described, value);
  } catch (error) {
    if (!(error instanceof PerError)) throw error;
    said.push(`${model.name} ${part}: ${faultText(error.found)}`);
    return null;
  }
}

/** Headers of KPM differ between versions that have the same number: the one that the octets are right for. */
function inVersion(octets: Uint8Array, model: ServiceModel, part: ModelPart): ServiceModel {
  if (model.name !== 'E2SM-KPM' || part !== 'indicationHeader' || isRight(octets, model)) return model;
  const older = kpmModel(model.oid, 'v2');
  return isRight(octets, older) ? older : model;
}

function isRight(octets: Uint8Array, { parts }: ServiceModel): boolean {
  try {
    parts.indicationHeader?.decode(octets);
    return true;
  } catch (error) {
    if (!(error instanceof PerError)) throw error;
    return false;
  }
}

/** A message that an end of E2AP has sent or received, as a trace shows it. */
export function e2Message(
  { decoded, ppid, stream }: { readonly decoded: DecodedPdu; readonly ppid: number; readonly stream: number },
  { from, to }: { readonly from: string; readonly to: string },
): SeenMessage {
  const octets = decoded.bytes.length;
  return { ...{ from, to, protocol: E2AP.name, ppid, stream, octets }, ...headOf(decoded) };
}
