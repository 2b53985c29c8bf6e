// The one line to the hub that all pages of a browser share: a browser opens six connections to a host, and ten open
// pages with a line each would leave none for the next page.

import { Stream } from "./stream.js";

const readers = new Set();

function tell(message) {
  readers.forEach((port) => port.postMessage(message));
}

const stream = new Stream({
  event: (name, data) => tell({ type: "event", name, data }),
  heard: () => tell({ type: "heard" }),
  online: () => tell({ type: "online" }),
  offline: () => tell({ type: "offline" }),
  denied: () => tell({ type: "denied" }),
});

self.onconnect = (joined) => {
  const port = joined.ports[0];
  port.onmessage = ({ data }) => {
    if (data === "start") {
      readers.add(port);
      port.postMessage({ type: "here" });
      if (stream.connected) port.postMessage({ type: "online" });
      stream.start();
    } else {
      readers.delete(port);
      if (readers.size === 0) stream.stop();
    }
  };
};
