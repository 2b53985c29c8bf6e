// Who waits, by service: how many, for how long already, and how many of them longer than half of what was promised.

import { minutes } from "./common.js";

// [{service, count, longest, ages: [below half, up to the promise, beyond]}], longest wait first.
export function byService(queue, now, promise) {
  const groups = new Map();
  for (const ticket of queue) {
    const waited = minutes(now - Date.parse(ticket.issued_at));
    const group = groups.get(ticket.service) ?? { service: ticket.service, count: 0, longest: 0, ages: [0, 0, 0] };
    group.count += 1;
    group.longest = Math.max(group.longest, waited);
    group.ages[waited >= promise ? 2 : waited >= promise / 2 ? 1 : 0] += 1;
    groups.set(ticket.service, group);
  }
  return [...groups.values()].sort((one, other) => other.longest - one.longest);
}
