import { connect, type Socket } from 'node:net';
import { HOST, serveRaw } from './loopback';

/** Passes connections on to `port`, in both directions in pieces whose lengths cycle through `lengths`. */
export async function relay(port: number, lengths: readonly number[]) {
  const sockets: Socket[] = [];
  const served = await serveRaw((from) => {
    const to = connect({ host: HOST, port, noDelay: true });
    from.setNoDelay(true);
    to.on('error', () => {});
    passOn(from, to, lengths);
    passOn(to, from, lengths);
    sockets.push(from);
  });
  const breakAll = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return { port: served.port, breakAll };
}

function passOn(from: Socket, to: Socket, lengths: readonly number[]): void {
  let turn = 0;
  from.on('data', (chunk) => {
    for (let at = 0; at < chunk.length; turn++) {
      const end = at + (lengths[turn % lengths.length] as number);
      to.write(chunk.subarray(at, end));
      at = end;
    }
  });
  from.on('end', () => to.end());
  from.on('close', () => to.destroySoon());
}
