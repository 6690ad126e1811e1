// The line to the gateway. It comes back by itself; a turn that got no answer is asked again under
// the same id, so that it is never done twice.

const PAUSES = [300, 1000, 2000, 5000];
const PATIENCE_MS = 4000;
const EXPIRED = 4401;
const IDLE = 4408;

export class Line {
  /**
   * `token` is awaited with whether the last one was not taken, and gives the one to show;
   * `state` hears "connecting", "live", "away" or "idle".
   */
  constructor({ token, state }) {
    this.token = token;
    this.state = state;
    this.session = "";
    this.waiting = new Map();
    this.tries = 0;
    this.socket = null;
    this.opening = 0;
  }

  /** Connect, or connect again with another token. `fresh`: the last one was not taken. */
  async open(fresh = false) {
    this.close();
    const opening = this.opening;
    this.state(this.tries ? "away" : "connecting");
    let token;
    try {
      token = await this.token(fresh);
    } catch {
      token = null;
    }
    if (opening !== this.opening) return;
    if (token === null) {
      this.#later(fresh);
      return;
    }
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/v1/chat`, ["groundswell.v1", `bearer.${token}`]);
    let opened = false;
    this.socket = socket;
    socket.onopen = () => {
      opened = true;
      this.tries = 0;
      this.state("live");
      for (const turn of this.waiting.values()) this.#send(turn);
    };
    socket.onmessage = (message) => this.socket === socket && this.#hear(JSON.parse(message.data));
    socket.onclose = ({ code }) => {
      if (this.socket !== socket) return;
      this.socket = null;
      // Nobody is there: no need to hold a line until something is said.
      if (code === IDLE) this.state("idle");
      // Why a line was refused is not told to pages; it may have been the token.
      else this.#later(!opened || code === EXPIRED);
    };
  }

  #later(fresh) {
    this.state("away");
    const opening = this.opening;
    const pause = PAUSES[Math.min(this.tries++, PAUSES.length - 1)];
    setTimeout(() => opening === this.opening && this.open(fresh), pause);
  }

  close() {
    this.opening++;
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  /** Begin a new conversation: what the old one still waits for is nobody's business. */
  forget() {
    this.session = "";
    for (const turn of this.waiting.values()) clearTimeout(turn.timer);
    this.waiting.clear();
  }

  /**
   * Say or choose something; `heard` gets each frame about it and the milliseconds, `silent` is
   * called if none comes. What it returns asks again for the same turn.
   */
  ask(frame, heard, silent) {
    const turn = { frame: { ...frame, turn: crypto.randomUUID() }, heard, silent };
    this.#ask(turn);
    return () => this.#ask(turn);
  }

  #ask(turn) {
    const id = turn.frame.turn;
    turn.began = performance.now();
    clearTimeout(turn.timer);
    turn.timer = setTimeout(() => {
      this.waiting.delete(id);
      turn.silent();
    }, PATIENCE_MS);
    this.waiting.set(id, turn);
    if (this.socket?.readyState === WebSocket.OPEN) this.#send(turn);
    else if (this.socket === null) this.open();
  }

  #send(turn) {
    const session = this.session ? { session: this.session } : {};
    this.socket.send(JSON.stringify({ ...turn.frame, ...session }));
  }

  #hear(frame) {
    // What could not even be read has no id: it was the last one sent.
    const id = frame.turn || (frame.type === "error" ? [...this.waiting.keys()].pop() : "");
    const turn = this.waiting.get(id);
    if (!turn) return;
    const session = frame.session ?? frame.problem?.reply?.session;
    if (session) this.session = session;
    if (frame.type === "error" && codeOf(frame.problem) === "no-such-session") this.session = "";
    if (frame.type !== "part") {
      clearTimeout(turn.timer);
      this.waiting.delete(id);
    }
    turn.heard(frame, performance.now() - turn.began);
  }
}

/** The code of a problem, such as "session-busy". */
export function codeOf(problem) {
  return problem.type.split("#").pop();
}
