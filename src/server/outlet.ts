/** Where a connection's frames leave: a WebSocket, or what stands for one in the simulator. */
export interface Outlet {
  /**
   * Hands over one text message. `full`: taken, but the peer is slow, and nothing more may be sent until `drained`
   * is called on the connection. `closed`: not taken.
   */
  send(text: string): 'sent' | 'full' | 'closed';
  close(code: number, reason: string): void;
}
