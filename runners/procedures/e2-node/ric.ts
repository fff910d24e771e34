import { outgoing, type Outgoing } from '../../interfaces/e2/answers.ts';
import { globalRicId } from '../../interfaces/e2/identity.ts';
import { unwrapItems, wrapItems } from '../../interfaces/e2/messages.ts';
import type { AnyMessage, Element, Ies, Item, MessageName } from '../../interfaces/e2/types.ts';

/** What the tester answers to an E2 setup; an empty list says nothing. */
export type SetupAnswer = (request: Ies<'E2setupRequest'>, count: number) => readonly Outgoing[];

/**
 * A near-RT RIC that accepts whatever an E2 node presents. How it answers setups can be changed while it works;
 * `setups` counts them.
 */
export class TesterRic {
  readonly plmn: string;
  setups = 0;
  answerSetup: SetupAnswer;

  constructor(plmn: string) {
    this.plmn = plmn;
    this.answerSetup = (request) => [this.acceptance(request)];
  }

  readonly handle = (message: AnyMessage): readonly Outgoing[] => {
    switch (message.name) {
      case 'E2setupRequest':
        this.setups += 1;
        return this.answerSetup(whole<'E2setupRequest'>(message), this.setups);
      case 'RICserviceUpdate':
        return [acknowledgeServices(whole<'RICserviceUpdate'>(message))];
      case 'E2nodeConfigurationUpdate':
        return [acknowledgeConfiguration(whole<'E2nodeConfigurationUpdate'>(message))];
      case 'ResetRequest':
        return [outgoing('ResetResponse', transactionOf(whole<'ResetRequest'>(message)))];
      case 'E2RemovalRequest':
        return [outgoing('E2RemovalResponse', transactionOf(whole<'E2RemovalRequest'>(message)))];
      default:
        return [];
    }
  };

  /** E2 SETUP RESPONSE that accepts all of it. */
  acceptance(request: Ies<'E2setupRequest'>): Outgoing {
    return outgoing('E2setupResponse', acceptanceOf(request, this.plmn));
  }
}

export function acceptanceOf(request: Ies<'E2setupRequest'>, plmn: string): Ies<'E2setupResponse'> {
  const functions = unwrapItems('RANfunction-Item', request.RANfunctionsAdded);
  const components = unwrapItems('E2nodeComponentConfigAddition-Item', request.E2nodeComponentConfigAddition);
  return {
    TransactionID: request.TransactionID,
    'GlobalRIC-ID': globalRicId({ plmn, id: 1 }),
    ...(functions.length === 0 ? {} : { RANfunctionsAccepted: accepted(functions) }),
    E2nodeComponentConfigAdditionAck: wrapItems(
      'E2nodeComponentConfigAdditionAck-Item',
      components.map(acknowledged),
    ),
  };
}

function accepted(functions: readonly Item<'RANfunction-Item'>[]): readonly Element[] {
  return wrapItems(
    'RANfunctionID-Item',
    functions.map(({ ranFunctionID, ranFunctionRevision }) => ({ ranFunctionID, ranFunctionRevision })),
  );
}

function acknowledged({
  e2nodeComponentInterfaceType,
  e2nodeComponentID,
}: Item<'E2nodeComponentConfigRemoval-Item'>): Item<'E2nodeComponentConfigAdditionAck-Item'> {
  return {
    e2nodeComponentInterfaceType,
    e2nodeComponentID,
    e2nodeComponentConfigurationAck: { updateOutcome: 'success' },
  };
}

function acknowledgeServices(update: Ies<'RICserviceUpdate'>): Outgoing {
  const { TransactionID, RANfunctionsAdded, RANfunctionsModified } = update;
  const functions = [
    ...unwrapItems('RANfunction-Item', RANfunctionsAdded),
    ...unwrapItems('RANfunction-Item', RANfunctionsModified),
  ];
  const RANfunctionsAccepted = accepted(functions);
  return outgoing('RICserviceUpdateAcknowledge', {
    TransactionID,
    ...(functions.length === 0 ? {} : { RANfunctionsAccepted }),
  });
}

function acknowledgeConfiguration(update: Ies<'E2nodeConfigurationUpdate'>): Outgoing {
  const added = unwrapItems('E2nodeComponentConfigAddition-Item', update.E2nodeComponentConfigAddition);
  const updated = unwrapItems('E2nodeComponentConfigUpdate-Item', update.E2nodeComponentConfigUpdate);
  const removed = unwrapItems('E2nodeComponentConfigRemoval-Item', update.E2nodeComponentConfigRemoval);
  const list = (
    name: 'Addition' | 'Update' | 'Removal',
    items: readonly Item<'E2nodeComponentConfigRemoval-Item'>[],
  ) =>
    items.length === 0
      ? {}
      : {
          [`E2nodeComponentConfig${name}Ack`]: wrapItems(
            `E2nodeComponentConfig${name}Ack-Item`,
            items.map(acknowledged),
          ),
        };
  return outgoing('E2nodeConfigurationUpdateAcknowledge', {
    TransactionID: update.TransactionID,
    ...list('Addition', added),
    ...list('Update', updated),
    ...list('Removal', removed),
  });
}

function transactionOf({ TransactionID }: { readonly TransactionID: number | bigint }) {
  return { TransactionID };
}

/** The rules of the protocol have let the message through: what must be there is there. */
function whole<Name extends MessageName>(message: AnyMessage & { readonly name: Name }): Ies<Name> {
  return message.ies as unknown as Ies<Name>;
}
