/** The life of an association: a cell that is missing says that the input means nothing in that state. @see RFC 9260 §4 */
export const STATES = [
  'closed',
  'cookieWait',
  'cookieEchoed',
  'established',
  'shutdownPending',
  'shutdownSent',
  'shutdownReceived',
  'shutdownAckSent',
] as const;
export type State = (typeof STATES)[number];

export type Input =
  | 'associate'
  | 'cookieAccepted'
  | 'initAck'
  | 'cookieAck'
  | 'staleCookie'
  | 'close'
  | 'drained'
  | 'peerShutdown'
  | 'shutdownAck'
  | 'shutdownComplete';

export const STATE_MOVES: Readonly<Record<State, Partial<Readonly<Record<Input, State>>>>> = {
  closed: { associate: 'cookieWait', cookieAccepted: 'established' },
  cookieWait: { initAck: 'cookieEchoed', cookieAccepted: 'established' },
  cookieEchoed: { cookieAck: 'established', cookieAccepted: 'established', staleCookie: 'cookieWait' },
  established: { close: 'shutdownPending', peerShutdown: 'shutdownReceived' },
  shutdownPending: { drained: 'shutdownSent', peerShutdown: 'shutdownReceived' },
  shutdownSent: { peerShutdown: 'shutdownAckSent', shutdownAck: 'closed' },
  shutdownReceived: { drained: 'shutdownAckSent' },
  shutdownAckSent: { shutdownAck: 'closed', shutdownComplete: 'closed' },
};

/** States in which messages are taken from the peer. */
export const RECEIVING: readonly State[] = ['established', 'shutdownPending', 'shutdownSent'];
/** States in which what is buffered is still sent. */
export const SENDING: readonly State[] = ['established', 'shutdownPending', 'shutdownReceived'];
