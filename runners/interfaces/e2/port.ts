/** SCTP port of the control plane at a near-RT RIC; an equipment file may name another. @see IANA, service names and ports */
export const E2_PORT = 36_421;
