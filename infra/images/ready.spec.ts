import { spawn } from 'node:child_process';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const script = join(__dirname, 'ready.sh');

/** The exit code of the image's health check while a service answers with `answer`. */
async function checkBeside(answer: RequestListener): Promise<number | null> {
  const server = createServer(answer);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  try {
    return await check((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

function check(port: number): Promise<number | null> {
  const child = spawn('bash', [script], { env: { HTTP_PORT: String(port) }, stdio: 'ignore' });
  return new Promise((resolve) => child.on('close', resolve));
}

describe("the images' health check", () => {
  it('passes if the readiness route answers 200', async () => {
    const asked: (string | undefined)[] = [];
    const code = await checkBeside(({ url }, response) => {
      asked.push(url);
      response.end('{"status":"degraded"}');
    });
    expect({ code, asked }).toEqual({ code: 0, asked: ['/health/ready'] });
  });

  it('fails if the service is not ready', async () => {
    expect(await checkBeside((_, response) => response.writeHead(503).end('{}'))).toBe(1);
  });

  it('fails if the service does not answer', async () => {
    expect(await checkBeside(() => {})).toBe(1);
    expect(await checkBeside((request) => request.socket.destroy())).toBe(1);
  });

  it('fails if nothing listens on the port', async () => {
    let port = 0;
    await checkBeside((_, response) => {
      port = response.socket?.localPort ?? 0;
      response.end();
    });
    expect(await check(port)).toBe(1);
  });
});
