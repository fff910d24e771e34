/** An end of an association. */
export interface EndPoint {
  readonly host: string;
  readonly port: number;
  /** Where packets travel in UDP. */
  readonly udpPort?: number;
}

/** `127.0.0.1:36421`, with the port of UDP behind it where there is one: `127.0.0.1:36421/9899`. */
export function endPointText({ host, port, udpPort }: EndPoint): string {
  const address = host.includes(':') ? `[${host}]` : host;
  return udpPort === undefined ? `${address}:${port}` : `${address}:${port}/${udpPort}`;
}
