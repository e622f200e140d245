// A wire between the browser and the demo that can be cut. Chromium's own offline switch does not reach a service
// worker, and can lose no answer under way; this does.
import { connect, createServer } from "node:net";

/** Listens on a port of its own. `cut` ends every connection; `loseAnswers` lets requests through and nothing back. */
export async function wire(address) {
  const { hostname, port } = new URL(address);
  const open = new Set();
  let [whole, answering] = [true, true];
  const server = createServer((near) => {
    if (!whole) return near.destroy();
    const far = connect(Number(port), hostname);
    const end = () => [near, far].forEach((side) => side.destroy());
    for (const side of [near, far]) {
      open.add(side);
      side.on("error", end).on("close", () => open.delete(side) && end());
    }
    near.pipe(far);
    far.on("data", (data) => (answering ? near.write(data) : end()));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const cut = () => {
    whole = false;
    open.forEach((side) => side.destroy());
  };
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    cut,
    loseAnswers: () => (answering = false),
    mend: () => ([whole, answering] = [true, true]),
    close() {
      cut();
      server.close();
    },
  };
}
