// What the server told: incidents in short, the health of the stream, and whether we hear it.

const SILENT_MS = 20_000;
const RETRY_MS = 3_000;
const CAME = 1_000;

export const store = { incidents: new Map(), health: null, link: "connecting", caughtUp: false };
const listeners = new Set();
const came = new Set();
let source = null;
let heard = 0;
let loading = false;
let again = false;

/** Call with what has changed: "list", "incident" and its brief, "health" or "link". */
export function listen(listener) {
  listeners.add(listener);
}

function tell(what, brief, isNew) {
  for (const listener of listeners) listener(what, brief, isNew);
}

function setLink(link) {
  if (store.link === link) return;
  store.link = link;
  tell("link");
}

/** JSON of the API; null for what is not there. Throws when the server does not answer. */
export async function ask(path) {
  const answer = await fetch(path, { cache: "no-store" });
  if (answer.status === 401) location.assign("/login");
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function loadAll() {
  if (loading) {
    again = true;
    return;
  }
  loading = true;
  try {
    came.clear();
    const found = await ask("/api/incidents");
    store.incidents = new Map(found.incidents.map((brief) => [brief.incident_id, brief]));
    // What came while we asked may be newer.
    for (const brief of came) {
      if (brief.revision > (store.incidents.get(brief.incident_id)?.revision ?? 0)) store.incidents.set(brief.incident_id, brief);
    }
    store.caughtUp = found.caught_up;
    tell("list");
  } catch {
    reconnect();
  }
  loading = false;
  if (again) {
    again = false;
    loadAll();
  }
}

function take(brief) {
  came.add(brief);
  if (came.size > CAME) came.delete(came.values().next().value);
  const known = store.incidents.get(brief.incident_id);
  if (known && known.revision >= brief.revision) return;
  store.incidents.set(brief.incident_id, brief);
  tell("incident", brief, !known);
}

/** Listen to the server, for ever. */
export function connect() {
  source?.close();
  source = new EventSource("/api/events");
  heard = Date.now();
  source.addEventListener("open", () => {
    heard = Date.now();
    setLink("live");
  });
  source.addEventListener("error", () => {
    // The browser tries again by itself, but not after an answer that is no stream.
    if (source.readyState === EventSource.CLOSED) reconnect();
    else setLink("connecting");
  });
  on("reset", () => loadAll());
  on("incident", take);
  on("health", (health) => {
    store.health = health;
    tell("health");
  });
}

function on(name, act) {
  source.addEventListener(name, (event) => {
    heard = Date.now();
    act(JSON.parse(event.data));
  });
}

function reconnect() {
  source?.close();
  setLink("connecting");
  setTimeout(async () => {
    // Says so if we are to log in again; the stream itself cannot.
    await ask("/api/incidents").catch(() => null);
    connect();
  }, RETRY_MS);
}

// The health comes every five seconds: a connection that brings nothing is dead.
setInterval(() => {
  if (store.link === "live" && Date.now() - heard > SILENT_MS) reconnect();
}, RETRY_MS);
